/** The check digit of 14 digits (Luhn; 3GPP TS 23.003, annex B). */
export function imeiCheckDigit(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

/** Type allocation code that no real phone has. */
const VIRTUAL_TAC = '00499901';
const FIRST_SERIAL = 64_000;

/** IMEI of the n-th virtual handset, from 0. */
export function virtualImei(index: number): string {
  const digits = `${VIRTUAL_TAC}${String(FIRST_SERIAL + index).padStart(6, '0')}`;
  return `${digits}${imeiCheckDigit(digits)}`;
}

/** True for the IMEI of a virtual handset: its type allocation code is no real phone's. */
export function isVirtualImei(digits: string): boolean {
  return digits.startsWith(VIRTUAL_TAC);
}

/** The same for a DevId, e.g. `IMEI:004999010640000`, or the number alone. */
export function isVirtualDevice(device: string): boolean {
  return isVirtualImei(device.replace(/^IMEI:/i, ''));
}

/** What people and handsets write before, between and behind the digits. */
const BEFORE = /^\s*(?:IMEI\s*:?)?\s*/i;
const BETWEEN = /(?<=\d)[-/ .](?=\d)/g;

/**
 * The IMEI that a text begins with, or `undefined` when its check digit is wrong or no device can have it. A number of 16
 * digits is an IMEISV, which has no check digit (3GPP TS 23.003, 6.2.2); digits that are all the same are left behind by
 * who has not given any.
 */
export function imeiOf(text: string): string | undefined {
  const digits = /^\d{15}(?!\d)/.exec(text.replace(BEFORE, '').replace(BETWEEN, ''))?.[0];
  if (digits === undefined || /^(\d)\1{13}/.test(digits)) return undefined;
  return imeiCheckDigit(digits.slice(0, 14)) === Number(digits[14]) ? digits : undefined;
}
