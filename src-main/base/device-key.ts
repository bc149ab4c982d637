/** What DevIds are compared by: the IMEI's prefix may be missing, and case makes no difference. */
export function deviceKey(device: string): string {
  return device
    .trim()
    .toLowerCase()
    .replace(/^imei:/, '');
}

/** Whether two DevIds may be one handset’s: with the same IMEI in them they are, however it is written down. */
export function maySayTheSame(one: string, other: string): boolean {
  return numberIn(one) === numberIn(other);
}

function numberIn(device: string): string {
  return deviceKey(device).replace(/^urn:imei:/, '');
}
