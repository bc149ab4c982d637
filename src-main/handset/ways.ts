import { assertNever } from '../base/errors.ts';
import { type HandsetAddress, parseHandsetAddress } from '../bearer/address.ts';
import type { BearerKind } from '../bearer/bearer.ts';
import type { Holder } from '../bearer/discovery.ts';
import { WAY_KINDS } from '../contract/way-kinds.ts';

/** Whose way it is was said by the handset itself (`strong`), or follows from where something was met (`weak`). */
export type WayConfidence = 'strong' | 'weak';

/** An address at which a handset was met. A serial path is a place: it belongs to who identified itself there last. */
export interface HandsetWay {
  /** As it is dialled, e.g. `usb:0421:0123:350000000000012`, `serial:/dev/ttyACM0`. */
  readonly address: string;
  readonly kind: Exclude<BearerKind, 'memory'> | 'http';
  /** The physical port, e.g. `1-2.3`, where it was seen last. */
  readonly place?: string;
  /** Whether it is there now, as far as anybody looks. */
  readonly attached: boolean;
  /** Why it cannot be used though it is attached. */
  readonly reason?: string;
  /** Which program has it, where that may be known. */
  readonly holder?: Holder;
  readonly confidence: WayConfidence;
  readonly lastSeen: string;
}

/** The same where it also counts whether anybody has looked: then `attached` is absent. */
export interface KnownWay extends Omit<HandsetWay, 'attached'> {
  readonly attached?: boolean;
}

/** The ways of a handset, the best first. */
export type HandsetWays = (device: string) => readonly HandsetWay[];

/** What is known at this moment of an address. */
export interface WayStanding {
  readonly attached: boolean;
  readonly place?: string;
  readonly reason?: string;
  readonly holder?: Holder;
  /** Who has identified itself there since it was attached. */
  readonly device?: string;
}

/** Looks nowhere: tells what those who look have seen; `undefined` when nobody has looked. */
export type StandingOf = (address: string) => WayStanding | undefined;

/** The ways that can be used now first, then those that are attached; of equal ones by kind, then the newest. */
export function byPreference(a: KnownWay, b: KnownWay): number {
  return (
    Number(isUsable(b)) - Number(isUsable(a)) ||
    Number(b.attached === true) - Number(a.attached === true) ||
    WAY_KINDS.indexOf(a.kind) - WAY_KINDS.indexOf(b.kind) ||
    (a.lastSeen < b.lastSeen ? 1 : a.lastSeen > b.lastSeen ? -1 : 0)
  );
}

function isUsable({ attached, reason }: KnownWay): boolean {
  return attached === true && reason === undefined;
}

/** The address of a record, if it is one that this version can read. */
export function addressOf(text: string | undefined): HandsetAddress | undefined {
  if (text === undefined) return undefined;
  try {
    return parseHandsetAddress(text);
  } catch {
    return undefined;
  }
}

/** By what addresses of the same place are known as such. */
export function placeKey(address: Exclude<HandsetAddress, { kind: 'id' }>): string {
  switch (address.kind) {
    case 'serial':
      // Its baud rate is how one speaks there, not where it is.
      return `serial:${address.path}`;
    case 'usb':
      return address.text.toLowerCase();
    case 'bluetooth':
      // The channel is which of its services is spoken with.
      return `bluetooth:${address.address}`;
    case 'tcp':
    case 'http':
      return address.text;
    default:
      return assertNever(address);
  }
}

/**
 * Under what a conversation with an address has its turn: a serial line at another speed is the same line, and a channel
 * of a phone is the same phone. What is no address stays what it is.
 */
export function turnKeyOf(text: string): string {
  const address = addressOf(text);
  if (address === undefined || address.kind === 'id') return text;
  return address.kind === 'serial' || address.kind === 'bluetooth' ? placeKey(address) : address.text;
}

/** The same of a text; `undefined` for what is no address. */
export function placeKeyOf(text: string | undefined): string | undefined {
  const address = addressOf(text);
  return address === undefined || address.kind === 'id' ? undefined : placeKey(address);
}
