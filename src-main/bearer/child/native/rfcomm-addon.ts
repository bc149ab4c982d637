import { Socket } from 'node:net';
import { platform } from 'node:process';
import type { ByteStream } from '../../../base/byte-stream.ts';
import { type Duration, milliseconds, seconds } from '../../../base/durations.ts';
import { isOverIn } from '../../../base/node/is-over-in.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';
import { bluetoothAddress } from '../../bluetooth/bluetooth-address.ts';
import type { RfcommHost, RfcommListening } from '../../bluetooth/rfcomm-host.ts';
import { RfcommStream } from '../../bluetooth/rfcomm-stream.ts';
import { sequenceOf } from '../../bluetooth/sdp/data-element.ts';
import { readRecords } from '../../bluetooth/sdp/sdp-client.ts';
import { bluetoothStuck, isBluetoothStuck } from '../../bluetooth/stuck.ts';
import { LoopbackMeeting } from './loopback-meeting.ts';
import { CALLER, CLOSED, ENDED, FAILED, OPEN, RECORDS, RFCOMM, type RfcommBinary } from './rfcomm-binary.ts';
import { rfcommError } from './rfcomm-errors.ts';

/** The service discovery protocol's (Assigned Numbers, PSM). */
const RECORDS_PSM = 1;
const ANY_CHANNEL = 0;
/** How long the addon's thread may take to say what became of something, after the time that this may take. */
const ANSWER_LIMIT = seconds(5);
const SECOND_LOOK = milliseconds(200);

/** A connection that was asked for and has not come about. */
interface Asked {
  readonly peer?: string;
  readonly opened: PromiseWithResolvers<RfcommStream>;
}

interface Listener {
  readonly onStream: (stream: RfcommStream, address: string) => void;
  readonly closed: PromiseWithResolvers<void>;
}

/** RFCOMM by our own addon: native/rfcomm. */
export class RfcommAddon implements RfcommHost {
  readonly #binary: RfcommBinary;
  readonly #asked = new Map<number, Asked>();
  readonly #listeners = new Map<number, Listener>();
  readonly #streams = new Map<number, RfcommStream>();
  #meeting: LoopbackMeeting | undefined;

  constructor(binary: RfcommBinary) {
    this.#binary = binary;
    binary.start((kind, id, error, descriptor, caller, address) => {
      switch (kind) {
        case OPEN:
          return this.#opened(id, descriptor);
        case FAILED:
          return this.#failed(id, error);
        case CALLER:
          return void this.#come(id, { descriptor, caller, address });
        case ENDED:
          return this.#streams.get(id)?.ended(error === '' ? undefined : error);
        case CLOSED:
          return this.#closed(id);
      }
    });
  }

  connect(
    { address, channel }: { readonly address: string; readonly channel: number },
    options: { readonly signal: AbortSignal; readonly limit: Duration },
  ): Promise<ByteStream> {
    return this.#connect({ protocol: RFCOMM, address, channel }, options);
  }

  async listen(
    { adapter, channel = ANY_CHANNEL }: { readonly adapter: string; readonly channel?: number },
    options: {
      readonly signal: AbortSignal;
      readonly onStream: (stream: ByteStream, address: string) => void;
    },
  ): Promise<RfcommListening> {
    const { signal, onStream } = options;
    signal.throwIfAborted();
    await this.#meet();
    signal.throwIfAborted();
    const [id, taken] = this.#try(() => this.#binary.listen(RFCOMM, adapter, channel));
    const closed = Promise.withResolvers<void>();
    this.#listeners.set(id, { onStream, closed });
    this.#hold();
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> => {
      signal.removeEventListener('abort', onAbort);
      closing ??= this.#stopListening(id, closed.promise);
      return closing;
    };
    const onAbort = (): void => void close().catch(() => undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    return { channel: taken, close };
  }

  async #stopListening(id: number, closed: Promise<void>): Promise<void> {
    this.#binary.stop(id);
    if (await isOverIn(ANSWER_LIMIT, closed)) return;
    this.#listeners.delete(id);
    this.#hold();
    throw bluetoothStuck();
  }

  async records(
    address: string,
    { signal, limit }: { readonly signal: AbortSignal; readonly limit: Duration },
  ): Promise<Uint8Array> {
    const timer = new AbortController();
    const late = setTimeout(() => timer.abort(), limit);
    const either = AbortSignal.any([signal, timer.signal]);
    try {
      return await this.#records(address, { signal: either, limit });
    } catch (error) {
      const isLate = timer.signal.aborted && !signal.aborted && !isBluetoothStuck(error);
      throw isLate ? rfcommError('ETIMEDOUT') : error;
    } finally {
      clearTimeout(late);
    }
  }

  async #records(
    address: string,
    options: { readonly signal: AbortSignal; readonly limit: Duration },
  ): Promise<Uint8Array> {
    if (this.#binary.records !== undefined) return askSystem(this.#binary.records, address, options.signal);
    const stream = await this.#connect({ protocol: RECORDS, address, channel: RECORDS_PSM }, options);
    try {
      return await readRecords(stream, options.signal);
    } finally {
      await stream.close();
    }
  }

  /** Two streams that are joined with each other as they would be with handsets: for tests. */
  async pair(): Promise<readonly [RfcommStream, RfcommStream]> {
    await this.#meet();
    const ids = this.#try(() => this.#binary.pair());
    const [one, other] = ids.map((id) => this.#ask(id));
    if (one === undefined || other === undefined) throw rfcommError('EINVAL');
    return Promise.all([one, other]);
  }

  async #connect(
    to: { readonly protocol: number; readonly address: string; readonly channel: number },
    { signal, limit }: { readonly signal: AbortSignal; readonly limit: Duration },
  ): Promise<ByteStream> {
    signal.throwIfAborted();
    await this.#meet();
    signal.throwIfAborted();
    const { protocol, address, channel } = to;
    const id = this.#try(() => this.#binary.connect(protocol, address, channel, limit));
    let wait = this.#giveUpAfter(id, milliseconds(limit + ANSWER_LIMIT));
    const onAbort = (): void => {
      this.#binary.stop(id);
      wait.end();
      wait = this.#giveUpAfter(id, ANSWER_LIMIT);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const stream = await this.#ask(id, bluetoothAddress(address).text);
      if (!signal.aborted) return stream;
      await stream.close();
      throw signal.reason;
    } catch (error) {
      throw signal.aborted && !isBluetoothStuck(error) ? signal.reason : error;
    } finally {
      wait.end();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The thread has not said what became of it: perhaps there is none any more. */
  #giveUpAfter(id: number, limit: Duration): { readonly end: () => void } {
    const giveUp = (): void => {
      this.#asked.get(id)?.opened.reject(bluetoothStuck());
      this.#asked.delete(id);
      this.#binary.stop(id);
      this.#hold();
    };
    let timer = setTimeout(() => {
      // What it has said may wait behind this very timer, where this process was held up itself.
      timer = setTimeout(giveUp, SECOND_LOOK);
    }, limit);
    return { end: () => clearTimeout(timer) };
  }

  #ask(id: number, peer?: string): Promise<RfcommStream> {
    const opened = Promise.withResolvers<RfcommStream>();
    this.#asked.set(id, { opened, ...(peer === undefined ? {} : { peer }) });
    this.#hold();
    return opened.promise;
  }

  #opened(id: number, descriptor: number): void {
    void this.#stream(id, descriptor, this.#asked.get(id)?.peer).then((stream) => {
      const asked = this.#asked.get(id);
      // It was given up meanwhile.
      if (asked === undefined) return void stream.close();
      this.#asked.delete(id);
      this.#hold();
      asked.opened.resolve(stream);
    });
  }

  #failed(id: number, error: string): void {
    this.#asked.get(id)?.opened.reject(rfcommError(error));
    this.#asked.delete(id);
    this.#hold();
  }

  async #come(
    id: number,
    { descriptor, caller, address }: { readonly descriptor: number; readonly caller: number; readonly address: string },
  ): Promise<void> {
    const stream = await this.#stream(caller, descriptor, bluetoothAddress(address).text);
    const listener = this.#listeners.get(id);
    if (listener === undefined) await stream.close();
    else listener.onStream(stream, address);
  }

  /** The system's own connection, or what would have become one, is closed. */
  #closed(id: number): void {
    this.#streams.get(id)?.closed();
    this.#streams.delete(id);
    this.#failed(id, 'ECONNABORTED');
    this.#listeners.get(id)?.closed.resolve();
    this.#listeners.delete(id);
    this.#hold();
  }

  async #stream(id: number, descriptor: number, peer: string | undefined): Promise<RfcommStream> {
    const make = (socket: Socket): RfcommStream => {
      const stream = new RfcommStream({
        socket,
        ...(peer === undefined ? {} : { peer }),
        stop: () => this.#binary.stop(id),
        reset: () => this.#binary.reset(id),
      });
      this.#streams.set(id, stream);
      return stream;
    };
    if (this.#meeting !== undefined) return make(await this.#meeting.arrival(id));
    return make(new Socket({ fd: descriptor, readable: true, writable: true, allowHalfOpen: true }));
  }

  /** Windows cannot hand over descriptors of sockets: they come to a place of ours. */
  async #meet(): Promise<void> {
    if (platform !== 'win32' || this.#meeting !== undefined) return;
    this.#meeting = await LoopbackMeeting.open();
    this.#binary.meet(this.#meeting.port, this.#meeting.secret);
  }

  #hold(): void {
    this.#binary.hold(this.#asked.size + this.#listeners.size > 0);
  }

  #try<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      throw code === undefined ? error : rfcommError(code);
    }
  }
}

/** Windows asks for records itself, and goes on when nobody wants them any more. */
async function askSystem(
  ask: NonNullable<RfcommBinary['records']>,
  address: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const answer = Promise.withResolvers<Uint8Array>();
  ask(address, (error, records) => {
    if (error === '') answer.resolve(sequenceOf(records));
    else answer.reject(rfcommError(error));
  });
  return unlessAborted(answer.promise, signal);
}
