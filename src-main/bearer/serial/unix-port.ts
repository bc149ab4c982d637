import { read, write } from 'node:fs';
import { promisify } from 'node:util';
import { type LinePort, type LineSignals, lineSignals } from './line-port.ts';

/** What serialport's own class for Linux and macOS has besides the common interface. */
export interface PolledPort {
  readonly fd: number | null;
  readonly poller: {
    /** Watches for exactly these events, each once; those asked for before are forgotten. */
    poll(events: number): void;
    on(event: 'readable' | 'writable' | 'disconnect', listener: (error: Error | null) => void): unknown;
  };
  set(signals: LineSignals): Promise<void>;
  update(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
}

const READABLE = 1;
const WRITABLE = 2;
const DISCONNECT = 4;
/** A wake-up that was missed costs this long at most, in milliseconds. */
const POKE = 250;
const TRY_AGAIN = ['EAGAIN', 'EWOULDBLOCK', 'EINTR'];

const readFile = promisify(read);
const writeFile = promisify(write);

/**
 * Reads and writes a port's descriptor itself, since serialport 13.0.0 does three things wrong here. Its poller
 * forgets that a write waits as soon as a read begins to wait, and the other way round: the stall that pings of 64 KiB
 * show. It reads on for ever, a core at full load, when a terminal hangs up between two reads (a read then gives 0
 * octets). And nothing tells it of a port that has gone while nobody reads.
 */
export class UnixPort implements LinePort {
  readonly #port: PolledPort;
  #gone: Error | undefined;
  #closed: Promise<void> | undefined;
  #onGone: ((reason: Error) => void) | undefined;
  readonly #waiting = new Map<number, Set<() => void>>([
    [READABLE, new Set()],
    [WRITABLE, new Set()],
  ]);
  /** Calls of the operating system that are under way: the descriptor must outlive them. */
  readonly #running = new Set<Promise<unknown>>();

  constructor(port: PolledPort) {
    this.#port = port;
    port.poller.on('readable', (error) => this.#stirred(READABLE, error));
    port.poller.on('writable', (error) => this.#stirred(WRITABLE, error));
    port.poller.on('disconnect', (error) => this.#stirred(DISCONNECT, error));
    this.#watch();
  }

  async tryRead(buffer: Uint8Array): Promise<number> {
    const octets = await this.#call((fd) => readFile(fd, buffer, 0, buffer.length, null).then((got) => got.bytesRead));
    // VMIN is 1 and the descriptor does not block: only a terminal that hung up has nothing to give (termios(3)).
    if (octets === 0) throw this.#lose(new Error('the terminal hung up'));
    return octets ?? 0;
  }

  readable(): Promise<void> {
    return this.#ready(READABLE);
  }

  async tryWrite(bytes: Uint8Array): Promise<number> {
    return (await this.#call((fd) => writeFile(fd, bytes).then((put) => put.bytesWritten))) ?? 0;
  }

  writable(): Promise<void> {
    return this.#ready(WRITABLE);
  }

  async setBreak(on: boolean): Promise<void> {
    this.#check();
    await this.#port.set(lineSignals(on));
  }

  async setBaud(baud: number): Promise<void> {
    this.#check();
    await this.#port.update({ baudRate: baud });
  }

  onGone(listener: (reason: Error) => void): void {
    this.#onGone = listener;
    if (this.#gone !== undefined) listener(this.#gone);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#gone ??= new Error('the port was closed here');
    this.#wake(READABLE);
    this.#wake(WRITABLE);
    await Promise.allSettled(this.#running);
    await this.#port.close();
  }

  /** `undefined` when the call would have had to wait. */
  async #call<T>(work: (fd: number) => Promise<T>): Promise<T | undefined> {
    const fd = this.#check();
    const running = work(fd);
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      if (error instanceof Error && 'code' in error && TRY_AGAIN.includes(String(error.code))) return undefined;
      throw this.#lose(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#running.delete(running);
    }
  }

  #check(): number {
    if (this.#gone !== undefined) throw this.#gone;
    const { fd } = this.#port;
    if (fd === null) throw this.#lose(new Error('the port is not open'));
    return fd;
  }

  async #ready(event: number): Promise<void> {
    this.#check();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.get(event)?.add(resolve);
      timer = setTimeout(resolve, POKE);
      this.#watch();
    });
    clearTimeout(timer);
    this.#check();
  }

  #stirred(event: number, error: Error | null): void {
    if (this.#closed !== undefined || this.#gone !== undefined) return;
    if (error !== null || event === DISCONNECT) {
      this.#lose(error ?? new Error('the terminal hung up'));
      return;
    }
    this.#wake(event);
    this.#watch();
  }

  /** Always with DISCONNECT: a port that has gone is noticed while nobody reads. */
  #watch(): void {
    let events = DISCONNECT;
    for (const [event, waiting] of this.#waiting) if (waiting.size > 0) events |= event;
    this.#port.poller.poll(events);
  }

  #wake(event: number): void {
    const waiting = this.#waiting.get(event);
    const all = [...(waiting ?? [])];
    waiting?.clear();
    for (const wake of all) wake();
  }

  #lose(reason: Error): Error {
    if (this.#gone === undefined) {
      this.#gone = reason;
      // Else the poller reports the same for ever.
      this.#port.poller.poll(0);
      this.#wake(READABLE);
      this.#wake(WRITABLE);
      this.#onGone?.(reason);
    }
    return this.#gone;
  }
}
