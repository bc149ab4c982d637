/** True for what a person may type to add a handset; whether it is right in every part the host says. */
export function isHandsetAddress(text: string): boolean {
  return /^tcp:.+:\d{1,5}$/.test(text) || /^serial:.+$/.test(text) || /^usb:[\da-f]{4}:[\da-f]{4}/i.test(text);
}
