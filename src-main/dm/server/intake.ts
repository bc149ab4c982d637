import { utf8 } from '../../base/bytes.ts';
import type { Item } from '../../syncml/model.ts';
import { failed, type SessionOutcome } from '../session-outcome.ts';

/** The most that one session takes from its client. DM sets no limits of its own; without any a client could fill us. */
export interface IntakeLimits {
  /** Octets of values as carried: DevInfo, alerts and Results. */
  readonly octets: number;
  /** Items of DevInfo and Results; a chunk counts as one. */
  readonly items: number;
  /** Generic alerts and client events. */
  readonly alerts: number;
}

/** A tree of a hundred thousand nodes asked for at once still fits. */
const MOST_ITEMS = 200_000;
const MOST_ALERTS = 1000;
/** Four objects of the largest kind, and no less than so many octets. */
const LEAST_OCTETS = 16 * 1024 * 1024;

export function intakeLimits(maxObjSize: number, limits: Partial<IntakeLimits> = {}): IntakeLimits {
  return { octets: Math.max(LEAST_OCTETS, 4 * maxObjSize), items: MOST_ITEMS, alerts: MOST_ALERTS, ...limits };
}

/** Counts what a client has sent in one session. */
export class Intake {
  readonly #limits: IntakeLimits;
  #octets = 0;
  #items = 0;
  #alerts = 0;

  constructor(limits: IntakeLimits) {
    this.#limits = limits;
  }

  /** Grows with everything that counts. */
  get taken(): number {
    return this.#items + this.#alerts;
  }

  /** False when it is more than the session takes: it is then not kept. */
  item(item: Item): boolean {
    this.#items += 1;
    this.#octets += lengthOf(item);
    return this.exceeded === undefined;
  }

  /** False when it is more than the session takes: it is then not kept. */
  alert(items: readonly Item[]): boolean {
    this.#alerts += 1;
    for (const item of items) this.#octets += lengthOf(item);
    return this.exceeded === undefined;
  }

  get exceeded(): SessionOutcome | undefined {
    const { octets, items, alerts } = this.#limits;
    if (this.#alerts > alerts) return failed('dm/too-many-alerts', `more than ${alerts} alerts came in one session`);
    if (this.#items > items) return failed('dm/results-too-large', `more than ${items} items came in one session`);
    if (this.#octets > octets) return failed('dm/results-too-large', `more than ${octets} octets came in one session`);
    return undefined;
  }
}

function lengthOf({ data }: Item): number {
  if (data === undefined) return 0;
  return typeof data === 'string' ? utf8(data).length : data.length;
}
