import { maskEquipmentNumbers } from '../../src-main/base/equipment-number.ts';
import type { KnownHandset } from '../../src-main/contract/handsets.ts';

type Named = Pick<KnownHandset, 'device' | 'virtual'> & Partial<Pick<KnownHandset, 'alias' | 'manufacturer' | 'model'>>;

/** A handset's number as it may be shown: real ones with their serial number hidden. */
export function deviceNumber({ device, virtual }: Pick<KnownHandset, 'device' | 'virtual'>): string {
  return virtual ? device : maskEquipmentNumbers(device);
}

/** True of a card whose handset has not said its number yet: what is in its place is made up, and nothing for people. */
export function isProvisional({ device }: Pick<KnownHandset, 'device'>): boolean {
  return device.startsWith('card-');
}

/** What people call a handset: its alias, else make and model, else its number. */
export function deviceName(handset: Named): string {
  if (handset.alias !== undefined) return handset.alias;
  const { manufacturer, model } = handset;
  const made = [manufacturer, model].filter((part) => part !== undefined && part !== '').join(' ');
  return made === '' ? deviceNumber(handset) : made;
}
