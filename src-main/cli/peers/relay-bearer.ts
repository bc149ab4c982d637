import { PcAgentError } from '../../base/errors.ts';
import { parseHandsetAddress } from '../../bearer/address.ts';
import type { Bearer, BearerAddress } from '../../bearer/bearer.ts';
import { type Bearers, ownProcessBearers } from '../../bearer/bearers.ts';

/** A bearer for OBEX and where on it. */
export interface ObexPlace {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
}

/**
 * @param bearers Default: those of this process, which for a virtual peer is one of its own.
 * @throws PcAgentError `cli/usage`, `bearer/address-invalid`
 */
export function obexBearer(text: string, bearers: Pick<Bearers, 'for'> = ownProcessBearers()): ObexPlace {
  const parsed = parseHandsetAddress(text);
  switch (parsed.kind) {
    case 'tcp':
    case 'serial':
    case 'usb':
    case 'bluetooth': {
      const bearer = bearers.for(parsed.kind);
      return { bearer, address: bearer.parse(parsed.text) };
    }
    case 'http':
      throw new PcAgentError('cli/usage', 'a handset with a network link calls: use --listen http://HOST:PORT/PATH');
    case 'id':
      throw new PcAgentError('cli/usage', `${text} is known to the host only: name an address such as tcp:HOST:PORT`);
  }
}
