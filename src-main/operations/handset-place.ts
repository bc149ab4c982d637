import { assertNever, PcAgentError } from '../base/errors.ts';
import { parseHandsetAddress } from '../bearer/address.ts';
import type { Bearers } from '../bearer/bearers.ts';
import { isProvisionalName } from '../handset/identity.ts';
import type { HandsetRegistry } from '../handset/registry.ts';
import type { HandsetPlace } from './ports.ts';

/** Who is probably at a place: who was named, else who was met there last and has said its DevId. */
export function probableDevice(
  { device, address }: Pick<HandsetPlace, 'device' | 'address'>,
  handsets: Pick<HandsetRegistry, 'at'>,
): string | undefined {
  if (device !== undefined) return device;
  const met = handsets.at(address.text);
  return met?.provisional === false ? met.device : undefined;
}

/**
 * Where the handset is that a person named by address, DevId or alias.
 * @throws PcAgentError `bearer/address-invalid`, `bearer/not-built`, `handset/unknown`, `handset/nowhere`,
 * `handset/calls-only`
 */
export function handsetPlace(
  text: string,
  device: string | undefined,
  from: { readonly handsets: Pick<HandsetRegistry, 'find'>; readonly bearers: Pick<Bearers, 'for'> },
): HandsetPlace {
  const parsed = parseHandsetAddress(text);
  switch (parsed.kind) {
    case 'tcp':
    case 'serial':
    case 'usb':
    case 'bluetooth': {
      const bearer = from.bearers.for(parsed.kind);
      // The name of a card that has no DevId yet is not what the handset will say.
      const expected = device === undefined || isProvisionalName(device) ? undefined : device;
      return { bearer, address: bearer.parse(parsed.text), device: expected };
    }
    case 'http':
      throw new PcAgentError('handset/calls-only', 'a handset with a network link calls; it cannot be called', {
        retry: 'never',
      });
    case 'id': {
      const known = from.handsets.find(parsed.id);
      if (known === undefined) {
        throw new PcAgentError('handset/unknown', `no handset ${parsed.id} is known: name its address once`, {
          retry: 'after-operator',
        });
      }
      if (known.address === undefined || parseHandsetAddress(known.address).kind === 'id') {
        throw new PcAgentError('handset/nowhere', `nobody knows where the handset ${parsed.id} is`, {
          retry: 'after-operator',
        });
      }
      return handsetPlace(known.address, known.device, from);
    }
    default:
      return assertNever(parsed);
  }
}
