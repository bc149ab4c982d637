/** What has a colon is an address, or is meant to be one; names that people give have none. */
const NAME = /^(?:(?:IMEI|MEID|ESN):)?[^:]+$/i;

/** Whether it can be a DevId, an IMEI or an alias. */
export function isHandsetName(text: string): boolean {
  return NAME.test(text);
}
