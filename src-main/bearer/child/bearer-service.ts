import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { assertNever, PcAgentError } from '../../base/errors.ts';
import type { BearerKind, BearerListener } from '../bearer.ts';
import type { Bearers } from '../bearers.ts';
import { bluetoothStuck, isBluetoothStuck } from '../bluetooth/stuck.ts';
import { trimmedThings } from './attached-things.ts';
import { bearerErrorOf } from './bearer-error.ts';
import { sendControl } from './control-lines.ts';
import type { Invitation } from './meeting-place.ts';
import { type FromChild, type Hello, MAX_OPEN, MAX_SERVICES, MAX_THING_TEXT, type ToChild } from './protocol.ts';
import { ServedStream, type UserEnd } from './served-stream.ts';
import { openUserEnd } from './user-end.ts';

/** The bearers of the child's own process. */
export type Served = Pick<Bearers, 'for' | 'discovery' | 'rfcomm'>;

/** A stream that the other process has. */
interface Handed {
  /** Resolves when neither side has it any more. */
  readonly over: Promise<void>;
}

/** The child's side: does with the bearers of its own process what the other process asks for. */
export class BearerService {
  readonly #bearers: Served;
  readonly #invitation: Invitation;
  readonly #control: Socket;
  /** Requests, watches and listeners that may be cancelled. */
  readonly #running = new Map<number, AbortController>();
  readonly #streams = new Map<number, ServedStream>();
  /** Dials and streams of handsets that are not in the air. */
  #others = 0;
  #spent = false;
  readonly #onSpent: () => void;
  /** Streams that came by themselves have even numbers, those that were asked for the odd ones of their requests. */
  #lastStream = 0;

  /** @param onSpent this process is of no use for Bluetooth any more, and nobody needs it for anything else */
  constructor(bearers: Served, invitation: Invitation, control: Socket, onSpent: () => void) {
    this.#onSpent = onSpent;
    this.#bearers = bearers;
    this.#invitation = invitation;
    this.#control = control;
  }

  receive(message: ToChild): void {
    switch (message.kind) {
      case 'dial':
        return void this.#begin(message.id, (signal) => this.#dial(message, signal));
      case 'listen':
        return void this.#begin(message.id, (signal) => this.#listen(message, signal));
      case 'look':
        return void this.#begin(message.id, (signal) => this.#look(message.id, signal));
      case 'watch':
        return void this.#begin(message.id, (signal) => this.#watch(message.id, signal));
      case 'services':
        return void this.#begin(message.id, (signal) => this.#services(message, signal));
      case 'rfcomm':
        return void this.#begin(message.id, (signal) => this.#rfcomm(message.id, signal));
      case 'cancel':
        return void this.#running.get(message.id)?.abort();
      case 'close':
        return void this.#streams.get(message.stream)?.close();
      case 'ping':
        return void this.#send({ kind: 'pong' });
      default:
        assertNever(message);
    }
  }

  #begin(id: number, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#running.has(id) || this.#running.size >= MAX_OPEN) {
      const error = new PcAgentError('bearer/unavailable', 'too many requests at once', { retry: 'later' });
      return void this.#send({ kind: 'failed', id, error: bearerErrorOf(error) });
    }
    const stop = new AbortController();
    this.#running.set(id, stop);
    void work(stop.signal)
      .then(
        () => this.#send({ kind: 'done', id }),
        (error: unknown) => {
          this.#send({ kind: 'failed', id, error: bearerErrorOf(error) });
          this.#spent ||= isBluetoothStuck(error);
        },
      )
      .finally(() => {
        this.#running.delete(id);
        this.#endIfSpent();
      });
  }

  /** Handsets at a cable are not to suffer from what Bluetooth does: they go on to their end. */
  #endIfSpent(): void {
    if (this.#spent && this.#others === 0) this.#onSpent();
  }

  /** Counts `work` and the stream that comes of it, until that is over. */
  async #counted(kind: BearerKind, work: () => Promise<Handed>): Promise<void> {
    const one = kind === 'bluetooth' ? 0 : 1;
    this.#others += one;
    try {
      const { over } = await work();
      void over.finally(() => {
        this.#others -= one;
        this.#endIfSpent();
      });
    } catch (error) {
      this.#others -= one;
      throw error;
    }
  }

  #assertUseful(kind: BearerKind): void {
    if (kind === 'bluetooth' && this.#spent) throw bluetoothStuck();
  }

  async #dial({ id, bearer: kind, address }: Extract<ToChild, { kind: 'dial' }>, signal: AbortSignal): Promise<void> {
    this.#assertUseful(kind);
    const bearer = this.#bearers.for(kind);
    await this.#counted(kind, async () => this.#hand(await bearer.dial(bearer.parse(address), { signal }), id));
  }

  async #listen(request: Extract<ToChild, { kind: 'listen' }>, signal: AbortSignal): Promise<void> {
    const { id, bearer: kind, address } = request;
    this.#assertUseful(kind);
    const bearer = this.#bearers.for(kind);
    const listener: BearerListener = await bearer.listen(bearer.parse(address), {
      signal,
      onStream: (stream) => {
        this.#lastStream += 2;
        const number = this.#lastStream;
        void this.#counted(kind, () => this.#hand(stream, number, id)).catch(() => this.#endIfSpent());
      },
    });
    this.#send({ kind: 'listening', id, address: listener.address.text });
    await aborted(signal);
    await listener.close();
  }

  async #look(id: number, signal: AbortSignal): Promise<void> {
    this.#send({ kind: 'things', id, things: trimmedThings(await this.#bearers.discovery.look(signal)) });
  }

  async #watch(id: number, signal: AbortSignal): Promise<void> {
    await this.#bearers.discovery.watch((things) => {
      if (!signal.aborted) this.#send({ kind: 'things', id, things: trimmedThings(things) });
    }, signal);
  }

  async #services({ id, address }: { readonly id: number; readonly address: string }, signal: AbortSignal) {
    this.#assertUseful('bluetooth');
    const services = await this.#bearers.rfcomm.services(address, signal);
    this.#send({ kind: 'services', id, services: services.slice(0, MAX_SERVICES) });
  }

  async #rfcomm(id: number, signal: AbortSignal): Promise<void> {
    const state = await this.#bearers.rfcomm.state(signal);
    const os = state.os?.slice(0, MAX_THING_TEXT);
    this.#send({ kind: 'rfcomm', id, state: { ...state, ...(os === undefined ? {} : { os }) } });
  }

  /** Gives a stream to the other process. */
  async #hand(stream: ByteStream, number: number, listener?: number): Promise<Handed> {
    const hello: Hello = {
      kind: 'stream',
      token: this.#invitation.token,
      stream: number,
      noisy: stream.noisy === true,
      ...(stream.prepares === true ? { prepares: true } : {}),
      ...(listener === undefined ? {} : { listener }),
      ...(stream.peer === undefined ? {} : { peer: stream.peer.slice(0, MAX_THING_TEXT) }),
    };
    let userEnd: UserEnd;
    try {
      userEnd = await openUserEnd(this.#invitation.socket, `${JSON.stringify(hello)}\n`);
    } catch (error) {
      await stream.close();
      throw new PcAgentError('bearer/unavailable', 'no local socket for the stream', { cause: error, retry: 'later' });
    }
    const served = new ServedStream(number, stream, userEnd, (message) => this.#send(message));
    this.#streams.set(number, served);
    return { over: served.run().finally(() => this.#streams.delete(number)) };
  }

  #send(message: FromChild): void {
    sendControl(this.#control, message);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
