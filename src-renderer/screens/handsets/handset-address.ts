/** True for what a person may type to add a handset; whether it is right in every part the host says. */
export function isHandsetAddress(text: string): boolean {
  return [
    /^tcp:.+:\d{1,5}$/,
    /^serial:.+$/,
    /^usb:[\da-f]{4}:[\da-f]{4}/i,
    /^bluetooth:[\da-f]{2}(?::[\da-f]{2}){5}(?:@\d{1,2})?$/i,
  ].some((form) => form.test(text));
}
