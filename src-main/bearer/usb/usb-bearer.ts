import { PcAgentError } from '../../base/errors.ts';
import type { Bearer } from '../bearer.ts';
import { parseUsbAddress, type UsbAddress } from './usb-address.ts';
import type { UsbHost } from './usb-host.ts';

/** The OBEX functions of USB handsets. */
export function createUsbBearer(_host: UsbHost): Bearer<UsbAddress> {
  return {
    kind: 'usb',
    parse: parseUsbAddress,
    dial: async (address) => {
      throw unavailable(address);
    },
    listen: async (address) => {
      throw unavailable(address);
    },
  };
}

function unavailable(address: UsbAddress): PcAgentError {
  return new PcAgentError('bearer/unavailable', `nothing at ${address.text}`, {
    retry: 'later',
    details: { bearer: 'usb', address: address.text },
  });
}
