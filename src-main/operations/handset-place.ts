import { assertNever, PcAgentError } from '../base/errors.ts';
import { isHandsetName } from '../base/handset-name.ts';
import { parseHandsetAddress } from '../bearer/address.ts';
import type { Bearers } from '../bearer/bearers.ts';
import { isProvisionalName } from '../handset/identity.ts';
import type { HandsetRecord, HandsetRegistry } from '../handset/registry.ts';
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
  const named = isHandsetName(text) ? from.handsets.find(text) : undefined;
  if (named !== undefined) return handsetPlace(knownPlace(named, text), named.device, from);
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
    case 'id':
      throw unknown(parsed.id);
    default:
      return assertNever(parsed);
  }
}

/**
 * Where a handset is that a person named by DevId, IMEI or alias.
 * @throws PcAgentError `handset/unknown`, `handset/nowhere`
 */
export function namedPlace(handsets: Pick<HandsetRegistry, 'find'>, name: string): string {
  const known = handsets.find(name);
  if (known === undefined) throw unknown(name);
  return knownPlace(known, name);
}

function knownPlace({ address }: HandsetRecord, name: string): string {
  // An address that another version wrote may be none here.
  if (address !== undefined && !isHandsetName(address)) return address;
  throw new PcAgentError('handset/nowhere', `nobody knows where the handset ${name} is`, { retry: 'after-operator' });
}

function unknown(name: string): PcAgentError {
  return new PcAgentError('handset/unknown', `no handset ${name} is known: name its address once`, {
    retry: 'after-operator',
  });
}
