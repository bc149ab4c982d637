import type { ByteStream } from '../../base/byte-stream.ts';
import { isAbort, isPcAgentError } from '../../base/errors.ts';
import type { BearerKind, BearerListener } from '../../bearer/bearer.ts';
import type { Handset } from '../../virtual/handset/handset.ts';
import type { CommandContext } from '../command.ts';
import { publishRecord } from './published-record.ts';
import { obexBearer } from './relay-bearer.ts';

export interface HandsetPlacesOptions {
  readonly handset: Handset;
  /** Serves whoever comes over a stream, until it ends. */
  readonly serve: (stream: ByteStream, bearer: BearerKind) => Promise<void>;
  readonly context: Pick<CommandContext, 'emit' | 'note' | 'signal'>;
}

interface Place extends BearerListener {
  /** Ends every link with it, as unplugging does; resolves when nobody is served over them any more. */
  leave(): Promise<unknown>;
}

/** Where a virtual handset is reached: one address, a second one beside it, or another one than before. */
export class HandsetPlaces {
  readonly #options: HandsetPlacesOptions;
  readonly #streams = new Set<Promise<void>>();
  #main: Place | undefined;
  #second: { readonly wanted: string; readonly listener: BearerListener } | undefined;
  /** Changes happen one after the other. */
  #changes: Promise<void> = Promise.resolve();

  constructor(options: HandsetPlacesOptions) {
    this.#options = options;
  }

  /** @throws PcAgentError `bearer/unavailable`, `cli/usage`, `bearer/address-invalid` */
  async open(address: string): Promise<void> {
    const { handset } = this.#options;
    this.#main = await this.#listen(address);
    handset.address = this.#main.address.text;
    this.#say('ready', handset.address);
    handset.onMove = () => this.#later(() => this.#move());
    handset.faults.onChange(() => this.#later(() => this.#matchSecond()));
    this.#later(() => this.#matchSecond());
  }

  async close(): Promise<void> {
    await this.#changes;
    await Promise.all([this.#main?.close(), this.#second?.listener.close()]);
    await Promise.allSettled(this.#streams);
  }

  async #listen(text: string): Promise<Place> {
    const { context, serve } = this.#options;
    const here = new Map<ByteStream, Promise<void>>();
    const { bearer, address } = obexBearer(text);
    const listener = await bearer.listen(address, {
      signal: context.signal,
      onStream: (stream) => {
        const served = serve(stream, address.bearer);
        this.#streams.add(served);
        here.set(stream, served);
        const over = (): void => {
          this.#streams.delete(served);
          here.delete(stream);
        };
        void served.finally(over).catch(() => undefined);
      },
    });
    const takeBack = await publishRecord('client', listener.address.text, context);
    context.emit({ type: 'listening', address: listener.address.text, pid: process.pid });
    return {
      address: listener.address,
      leave: () => Promise.allSettled([...here].flatMap(([stream, served]) => [stream.close(), served])),
      close: async () => {
        await takeBack();
        await listener.close();
      },
    };
  }

  #later(change: () => Promise<void>): void {
    const { context } = this.#options;
    this.#changes = this.#changes.then(change).catch((error: unknown) => {
      if (context.signal.aborted || isAbort(error)) return;
      if (!isPcAgentError(error)) throw error;
      context.emit({ type: 'error', code: error.code, message: error.message });
    });
  }

  /** The old address is given up first: a line can be opened once only. */
  async #move(): Promise<void> {
    const { handset, context } = this.#options;
    const before = this.#main?.address.text ?? '';
    await this.#main?.close();
    // A line is served from one session to the next, and has no other name to come back by.
    if (elsewhere(before) === before) await this.#main?.leave();
    this.#main = undefined;
    if (context.signal.aborted) return;
    this.#say('gone-from', before);
    this.#main = await this.#listen(elsewhere(before));
    handset.address = this.#main.address.text;
    this.#say('moved', handset.address);
    this.#say('ready', handset.address);
  }

  async #matchSecond(): Promise<void> {
    const { handset, context } = this.#options;
    const { faults } = handset;
    const wanted = faults.has('duplicate-bearer') ? (faults.value('duplicate-bearer') ?? anyPort(handset.address)) : '';
    if ((this.#second?.wanted ?? '') === wanted || context.signal.aborted) return;
    const gone = this.#second?.listener;
    this.#second = undefined;
    await gone?.close();
    if (gone !== undefined) this.#say('gone-from', gone.address.text);
    if (wanted !== '') this.#second = { wanted, listener: await this.#listen(wanted) };
  }

  #say(state: string, address: string): void {
    const { handset, context } = this.#options;
    context.emit({ type: 'handset', device: handset.device.id, address, state, virtual: true });
  }
}

/** Any free port of the same host; of this one where the address has none. */
function anyPort(address: string): string {
  return /^tcp:.*:\d+$/.test(address) ? address.replace(/\d+$/, '0') : 'tcp:127.0.0.1:0';
}

/** A line or a plug has no other name that this program could give it. */
function elsewhere(address: string): string {
  return address.startsWith('tcp:') ? anyPort(address) : address;
}
