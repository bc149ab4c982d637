import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { type HandsetAddress, parseHandsetAddress } from '../../bearer/address.ts';
import { portAccess } from '../../bearer/serial/port-list.ts';
import { createTcpBearer } from '../../bearer/tcp/tcp-bearer.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { HandsetRecord } from '../../handset/registry.ts';
import type { HandsetStanding } from '../../operations/views.ts';

export interface PresenceLookOptions {
  readonly turns: Pick<KeyedLock, 'held' | 'take'>;
  readonly tell: (device: string, standing: HandsetStanding) => void;
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
    return this.#options.turns.held(address) && !this.#looking.has(address);
  }

  /** @param records last seen first: an address is that of the handset which was seen there last. */
  async lookAt(records: readonly HandsetRecord[], signal: AbortSignal): Promise<void> {
    const left = this.#placesOf(records);
    const worker = async (): Promise<void> => {
      for (let next = left.shift(); next !== undefined && !signal.aborted; next = left.shift()) {
        await this.#look(next.device, next.address, signal);
      }
    };
    await Promise.all(Array.from({ length: Math.min(MAX_LOOKS, left.length) }, worker));
  }

  #placesOf(records: readonly HandsetRecord[]): { readonly device: string; readonly address: HandsetAddress }[] {
    const taken = new Set<string>();
    const places: { readonly device: string; readonly address: HandsetAddress }[] = [];
    for (const { device, address: text } of records) {
      const address = addressOf(text);
      if (address === undefined) continue;
      if (taken.has(address.text)) this.#options.tell(device, AWAY);
      else places.push({ device, address });
      taken.add(address.text);
    }
    return places;
  }

  async #look(device: string, address: HandsetAddress, signal: AbortSignal): Promise<void> {
    const { turns, tell, reach = reachHandset } = this.#options;
    if (turns.held(address.text)) return;
    // A session that begins meanwhile comes after the look: some handsets take one connection only.
    const end = await turns.take(address.text, signal);
    this.#looking.add(address.text);
    try {
      const standing = await reach(address, signal);
      if (standing !== undefined) tell(device, standing);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#looking.delete(address.text);
      end();
    }
  }
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
