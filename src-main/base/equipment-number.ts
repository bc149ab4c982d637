import { isVirtualImei } from './imei.ts';

/**
 * Digits of an IMEI, IMEISV or MEID-like number standing alone (3GPP TS 23.003, 6.2), also behind `IMEI` or an escaped
 * character, as in the serial number of a USB address; hex digests are left alone.
 */
const EQUIPMENT_NUMBER = /(?:(?<![0-9A-Za-z])|(?<=IMEI)|(?<=%[0-9A-Fa-f]{2}))(\d{8})\d{6,8}(?![0-9A-Za-z])/g;
/** The same as it is printed on phones: type allocation code, serial number, check digit or software version. */
const PRINTED_NUMBER = /(?<![0-9A-Za-z])(\d{2}-\d{6})-\d{6}(?:-\d{1,2})?(?![0-9A-Za-z])/g;

/** Keeps the type allocation code (the model) and hides the serial number; those of virtual handsets, which are no secret, stay whole. */
export function maskEquipmentNumbers(text: string): string {
  return text
    .replace(EQUIPMENT_NUMBER, (number, model: string) => (isVirtualImei(number) ? number : `${model}*******`))
    .replace(PRINTED_NUMBER, (number, model: string) =>
      isVirtualImei(model.replace('-', '')) ? number : `${model}-*******`,
    );
}
