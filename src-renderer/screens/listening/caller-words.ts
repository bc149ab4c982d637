import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import { plainText } from '../../../src-main/base/plain-text.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { CallerView } from '../../../src-main/contract/listening.ts';
import { deviceName } from '../../components/device-name.ts';

/** What a caller is called: by its card, else as it says itself. */
export function callerName(
  { device, manufacturer, model }: Pick<CallerView, 'device' | 'manufacturer' | 'model'>,
  handsets: readonly KnownHandset[],
  unnamed: string,
): string {
  const card = device === undefined ? undefined : handsets.find((each) => each.device === device);
  if (card !== undefined) return deviceName(card);
  return plainText([manufacturer, model].filter((part) => part !== undefined).join(' ')) ?? unnamed;
}

/** Its number as it may be shown. */
export function callerNumber({ device, virtual }: Pick<CallerView, 'device' | 'virtual'>): string | undefined {
  const number = plainText(device);
  return number === undefined || virtual ? number : maskEquipmentNumbers(number);
}

/** Those who called last come first. */
export function inOrder(callers: readonly CallerView[]): readonly CallerView[] {
  return callers.toSorted((a, b) => (a.calledAt < b.calledAt ? 1 : a.calledAt > b.calledAt ? -1 : 0));
}
