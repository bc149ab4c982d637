import type { MessageDetail, MessageSummary } from '../contract/message-summary.ts';
import { maskedDetail } from '../dm/watcher/masked-detail.ts';
import type { Envelope } from '../syncml/envelope.ts';

/** Octets that are kept of all sessions together. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What a message takes beside its body, in octets: many small ones take room too. */
const BESIDE_BODY = 1024;

interface Kept {
  readonly envelope: Envelope;
  readonly summary: MessageSummary;
}

/** Bodies of messages that passed a while ago, so that a person can look into them; the oldest go first. */
export class BodyMemory {
  readonly #limit: number;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(limit = MAX_BYTES) {
    this.#limit = limit;
  }

  keep(session: string, number: number, envelope: Envelope, summary: MessageSummary): void {
    // The body may be a view of a larger buffer, of which a Buffer's own `slice` would be another view.
    const body = new Uint8Array(envelope.body);
    this.#kept.set(`${session}/${number}`, { envelope: { ...envelope, body }, summary });
    this.#bytes += BESIDE_BODY + body.length;
    for (const [name, kept] of this.#kept) {
      if (this.#bytes <= this.#limit) break;
      this.#drop(name, kept);
    }
  }

  /** With every secret masked. `undefined`: it is not kept, or no longer. */
  detail(session: string, number: number): MessageDetail | undefined {
    const kept = this.#kept.get(`${session}/${number}`);
    return kept === undefined ? undefined : maskedDetail(kept.envelope, number, kept.summary);
  }

  forget(session: string): void {
    for (const [name, kept] of this.#kept) if (name.startsWith(`${session}/`)) this.#drop(name, kept);
  }

  #drop(name: string, { envelope }: Kept): void {
    this.#kept.delete(name);
    this.#bytes -= BESIDE_BODY + envelope.body.length;
  }
}
