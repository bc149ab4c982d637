import { assertNever, PcAgentError } from '../base/errors.ts';
import { isHandsetName } from '../base/handset-name.ts';
import { parseHandsetAddress } from '../bearer/address.ts';
import type { Bearers } from '../bearer/bearers.ts';
import { isProvisionalName } from '../handset/identity.ts';
import type { HandsetRecord, HandsetRegistry } from '../handset/registry.ts';
import type { Engine, WorkContext } from './engine.ts';
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

/** Ports at which another phone may be by now. */
const PORTS: readonly string[] = ['serial', 'usb'];

interface Named {
  readonly handset: string;
  readonly device?: string | undefined;
}

type Looking = Pick<Engine, 'handsets' | 'lookAround'>;

/**
 * As `handsetPlace` has it; whoever was met at a port is looked for first, where nobody watches the ports.
 * @throws PcAgentError as `handsetPlace`; AbortError
 */
export async function findPlace(
  engine: Looking & Pick<Engine, 'bearers'>,
  named: Named,
  { signal }: Pick<WorkContext, 'signal'>,
): Promise<HandsetPlace> {
  await lookFor(named, engine, signal);
  return handsetPlace(named.handset, named.device, engine);
}

/**
 * Where a handset is that a person named by DevId, IMEI or alias; looked for as `findPlace` does.
 * @throws PcAgentError `handset/unknown`, `handset/name-ambiguous`, `handset/nowhere`; AbortError
 */
export async function findAddress(
  engine: Looking,
  handset: string,
  { signal }: Pick<WorkContext, 'signal'>,
): Promise<string> {
  await lookFor({ handset }, engine, signal);
  const known = engine.handsets.named(handset);
  if (known === undefined) throw unknown(handset);
  return knownPlace(known, handset);
}

async function lookFor({ handset, device }: Named, engine: Looking, signal: AbortSignal): Promise<void> {
  const card = cardOf(handset, device, engine.handsets);
  if (card?.ways.some(({ kind }) => PORTS.includes(kind)) === true) await engine.lookAround(card.device, signal);
}

/**
 * Where the handset is that a person named by address, DevId or alias.
 * @throws PcAgentError `bearer/address-invalid`, `bearer/not-built`, `handset/unknown`, `handset/name-ambiguous`,
 * `handset/nowhere`, `handset/calls-only`
 */
export function handsetPlace(
  text: string,
  device: string | undefined,
  from: { readonly handsets: Pick<HandsetRegistry, 'find' | 'named'>; readonly bearers: Pick<Bearers, 'for'> },
): HandsetPlace {
  const card = cardOf(text, device, from.handsets);
  if (card !== undefined) return placeAt(knownPlace(card, text), card.device, from.bearers);
  if (isHandsetName(text)) throw unknown(text);
  return placeAt(text, device, from.bearers);
}

/** Whoever is meant by something else than an address; by its own DevId that may look like one. */
function cardOf(text: string, device: string | undefined, handsets: Pick<HandsetRegistry, 'find' | 'named'>) {
  const own = text === device ? handsets.find(text) : undefined;
  if (own !== undefined) return own;
  if (isHandsetName(text)) return handsets.named(text);
  if (text === device) throw unknown(text);
  return undefined;
}

/**
 * The place of this address.
 * @param device whose it is.
 * @throws PcAgentError `bearer/address-invalid`, `bearer/not-built`, `handset/unknown`, `handset/calls-only`
 */
export function placeAt(text: string, device: string | undefined, bearers: Pick<Bearers, 'for'>): HandsetPlace {
  const parsed = parseHandsetAddress(text);
  switch (parsed.kind) {
    case 'tcp':
    case 'serial':
    case 'usb':
    case 'bluetooth': {
      const bearer = bearers.for(parsed.kind);
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
