import { PcAgentError, type Retry } from '../../base/errors.ts';
import type { UsbAddress } from './usb-address.ts';

/** The device has gone, or the stream was closed on this side. */
export function lostUsb(reason: string, cause?: unknown): PcAgentError {
  return new PcAgentError('bearer/lost', reason, {
    retry: 'same-bearer',
    ...(cause === undefined ? {} : { cause }),
    details: { bearer: 'usb', ...(cause instanceof Error ? { os: cause.message } : {}) },
  });
}

/** Something about one address, with what is known of it. */
export function usbError(
  code: string,
  message: string,
  address: UsbAddress,
  options: { readonly retry: Retry; readonly details?: Readonly<Record<string, unknown>>; readonly cause?: unknown },
): PcAgentError {
  return new PcAgentError(code, `${message} (${address.text})`, {
    ...options,
    details: { bearer: 'usb', address: address.text, ...options.details },
  });
}
