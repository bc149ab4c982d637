import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import type { HandsetAddress } from '../../bearer/address.ts';
import { portAccess } from '../../bearer/serial/port-access.ts';
import { createTcpBearer } from '../../bearer/tcp/tcp-bearer.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { HandsetRecord } from '../../handset/registry.ts';
import { addressOf, placeKey, turnKeyOf } from '../../handset/ways.ts';
import type { HandsetStanding } from '../../operations/views.ts';

export interface PresenceLookOptions {
  readonly turns: Pick<KeyedLock, 'held' | 'take'>;
  /** Told of each look. */
  readonly tell: (address: string, standing: HandsetStanding) => void;
  /** Somebody else tells of this address. Default: of none. */
  readonly covers?: (address: string) => boolean;
  /** Default: a connection that is closed at once, or whether the serial port is there. */
  readonly reach?: Reach;
}

/** Whether something answers at an address; `undefined` where that cannot be told. @throws AbortError */
export type Reach = (address: HandsetAddress, signal: AbortSignal) => Promise<HandsetStanding | undefined>;

/** Looks at a time: each may take as long as the connection's limit. */
const MAX_LOOKS = 8;
const LOOK_LIMIT = seconds(1);
/** The machine's own limits: they say nothing of the handset. */
const OWN_TROUBLE = ['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL'];
const AWAY: HandsetStanding = { presence: 'away' };
const ATTACHED: HandsetStanding = { presence: 'attached' };

/** Looks whether known handsets are there, without disturbing a session with one. */
export class PresenceLook {
  readonly #options: PresenceLookOptions;
  readonly #looking = new Set<string>();

  constructor(options: PresenceLookOptions) {
    this.#options = options;
  }

  /** A session with this address is under way or waits for its turn. */
  inSession(address: string): boolean {
    const key = turnKeyOf(address);
    return this.#options.turns.held(key) && !this.#looking.has(key);
  }

  /** Each place once, whoever was there. */
  async lookAt(records: readonly Pick<HandsetRecord, 'ways' | 'metAt'>[], signal: AbortSignal): Promise<void> {
    const left = this.#placesOf(records);
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
        await this.#look(next, signal);
      }
    };
    await Promise.all(Array.from({ length: Math.min(MAX_LOOKS, left.length) }, worker));
  }

  #placesOf(records: readonly Pick<HandsetRecord, 'ways' | 'metAt'>[]): HandsetAddress[] {
    const { covers = () => false } = this.#options;
    const places = new Map<string, HandsetAddress>();
    for (const { ways, metAt } of records) {
      for (const text of [...ways.map((way) => way.address), metAt]) {
        const address = addressOf(text);
        if (address === undefined || address.kind === 'id' || covers(address.text)) continue;
        const key = placeKey(address);
        if (!places.has(key)) places.set(key, address);
      }
    }
    return [...places.values()];
  }

  async #look(address: HandsetAddress, signal: AbortSignal): Promise<void> {
    const { turns, tell, reach = reachHandset } = this.#options;
    const key = turnKeyOf(address.text);
    if (turns.held(key)) return;
    // A session that begins meanwhile comes after the look: some handsets take one connection only.
    const end = await turns.take(key, signal);
    this.#looking.add(key);
    try {
      const standing = await reach(address, signal);
      if (standing !== undefined) tell(address.text, standing);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#looking.delete(key);
      end();
    }
  }
}

async function reachHandset(address: HandsetAddress, signal: AbortSignal): Promise<HandsetStanding | undefined> {
  switch (address.kind) {
    case 'tcp':
      return visit(address.text, signal);
    case 'serial': {
      const found = await portAccess(address.path);
      if (found === 'denied') return { presence: 'attached', reason: 'bearer/permission-denied' };
      return found === undefined ? undefined : found === 'usable' ? ATTACHED : AWAY;
    }
    default:
      return undefined;
  }
}

/** A connection that is made and closed without a word. */
async function visit(address: string, signal: AbortSignal): Promise<HandsetStanding | undefined> {
  const bearer = createTcpBearer({ connectLimit: LOOK_LIMIT });
  try {
    const stream = await bearer.dial(bearer.parse(address), { signal });
    await stream.close();
    return ATTACHED;
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    return OWN_TROUBLE.includes(String(error.details.os)) ? undefined : AWAY;
  }
}
