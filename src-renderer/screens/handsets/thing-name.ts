import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { Attachment } from '../../../src-main/contract/handsets.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';

type Screens = Pick<Catalogue['screens'], 'common' | 'handsets'>;

/** What a thing is called that has not said who it is. */
export function thingName(
  { name, place, address }: Pick<Attachment, 'address'> & Partial<Attachment>,
  { common, handsets }: Screens,
): string {
  return name ?? (place === undefined ? maskEquipmentNumbers(address) : handsets.unknownName(common.port(place)));
}
