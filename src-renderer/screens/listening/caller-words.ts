import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import { plainText } from '../../../src-main/base/plain-text.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { CallerView } from '../../../src-main/contract/listening.ts';
import { deviceName } from '../../components/device-name.ts';

/** What a caller calls itself: who asks for consent must not borrow the name that a person gave to a card. */
export function claimedName(
  { manufacturer, model }: Pick<CallerView, 'manufacturer' | 'model'>,
  unnamed: string,
): string {
  return plainText([manufacturer, model].filter((part) => part !== undefined).join(' ')) ?? unnamed;
}

/** The card that has the number which a caller claims. */
export function cardName(
  { device }: Pick<CallerView, 'device'>,
  handsets: readonly KnownHandset[],
): string | undefined {
  const card = device === undefined ? undefined : handsets.find((each) => each.device === device);
  return card === undefined ? undefined : deviceName(card);
}

/** What a caller is called: by its card once it was let in, else as it says itself. */
export function callerName(
  caller: Pick<CallerView, 'device' | 'manufacturer' | 'model' | 'state'>,
  handsets: readonly KnownHandset[],
  unnamed: string,
): string {
  const card = caller.state === 'accepted' ? cardName(caller, handsets) : undefined;
  return card ?? claimedName(caller, unnamed);
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
