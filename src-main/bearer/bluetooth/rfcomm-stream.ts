import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { isOverIn } from '../../base/node/is-over-in.ts';
import { asItIs } from '../tcp/ring-socket.ts';
import { ToldOctets } from '../tcp/told-octets.ts';
import { linkLost } from './link-lost.ts';

export interface RfcommStreamOptions {
  /** JavaScript's end of the joint. */
  readonly socket: Socket;
  /** Who is at the other end, as a handset address. */
  readonly peer?: string;
  /** Gives the connection up, whatever is still on its way. */
  readonly stop: () => void;
  readonly reset: () => void;
}

/** What was written before a close may take so long: some 200 KB, as buffers hold, at 100 KB/s. */
const LINGER = seconds(2);
/** How long giving it up may take. */
const STOP_LIMIT = seconds(1);

/** A Bluetooth connection of the addon, whose octets go through a local socket. */
export class RfcommStream implements ByteStream {
  readonly peer?: string;
  readonly #options: RfcommStreamOptions;
  readonly #octets: ToldOctets;
  readonly #released = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(options: RfcommStreamOptions) {
    this.#options = options;
    this.#octets = new ToldOctets(asItIs(options.socket), () => linkLost('the Bluetooth link broke'));
    if (options.peer !== undefined) this.peer = options.peer;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.read(signal);
  }

  lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.lend(signal);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#octets.write(bytes, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Breaks the connection. */
  reset(): void {
    this.#options.reset();
  }

  /** The other side has ended; `os`: it broke, and what the system says of it. Octets from before are still read. */
  ended(os: string | undefined): void {
    const error = os === undefined ? undefined : linkLost('the Bluetooth link broke', os);
    this.#octets.over(error ?? linkLost('the handset has closed the Bluetooth connection'));
    this.#octets.ended(error);
  }

  /** The system's own connection is closed. */
  closed(): void {
    this.ended('ECONNABORTED');
    this.#released.resolve();
  }

  async #close(): Promise<void> {
    await this.#octets.close(linkLost('the Bluetooth connection was closed here'));
    if (await isOverIn(LINGER, this.#released.promise)) return;
    this.#options.stop();
    await isOverIn(STOP_LIMIT, this.#released.promise);
  }
}
