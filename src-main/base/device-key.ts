/** What DevIds are compared by: the IMEI's prefix may be missing, and case makes no difference. */
export function deviceKey(device: string): string {
  return device
    .trim()
    .toLowerCase()
    .replace(/^imei:/, '');
}
