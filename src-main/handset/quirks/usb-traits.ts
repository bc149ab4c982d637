import { milliseconds } from '../../base/durations.ts';
import type { UsbTraits } from '../../bearer/usb/usb-bearer.ts';
import { handsetTraits } from './handset-traits.ts';

/** What the USB bearer does differently with a device. */
export function usbTraits(ids: { readonly vendorId: number; readonly productId: number }): UsbTraits {
  const { noZeroLengthPacket, settleAfterSelect } = handsetTraits(ids);
  return {
    ...(noZeroLengthPacket === undefined ? {} : { noZeroLengthPacket }),
    ...(settleAfterSelect === undefined ? {} : { settle: milliseconds(settleAfterSelect) }),
  };
}
