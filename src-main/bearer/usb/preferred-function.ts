import type { ObexFunction } from './obex-functions.ts';

/** An OBEX function with the name that its control interface gives it. */
export interface NamedFunction {
  readonly obex: ObexFunction;
  readonly name?: string;
}

/**
 * Names of services in the order in which they are preferred (spec sheet dm-protocol, section 9.4): the one of device
 * management itself, then the one that takes any Target. What has another name, or none, comes after them.
 */
const PREFERRED: readonly RegExp[] = [/^SYNCML[- ]?DM$/i, /^PC[- ]?Suite/i];
/** Data synchronization knows no device management. */
const OTHER_SYNC = /^SYNCML[- ]?(?:SYNC|DS)\b/i;

/** The function to speak device management with. */
export function preferredFunction(functions: readonly NamedFunction[]): ObexFunction | undefined {
  const [first] = [...functions].sort((a, b) => rank(a.name) - rank(b.name));
  return first?.obex;
}

function rank(name = ''): number {
  const place = PREFERRED.findIndex((form) => form.test(name));
  if (place >= 0) return place;
  return PREFERRED.length + (OTHER_SYNC.test(name) ? 1 : 0);
}
