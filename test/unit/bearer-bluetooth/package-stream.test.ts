import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { type PackagePort, PackageStream } from '../../../src-main/bearer/bluetooth/package-stream.ts';

const never = new AbortController().signal;
type Listener = (about: never) => void;

/** A port as the package has it: it reads on by itself after each `data`, and says little about errors. */
class Port implements PackagePort {
  readonly written: number[] = [];
  readonly #listeners = new Map<string, Listener[]>();
  /** What each write ends with; nothing: it was taken. */
  errors: (Error | undefined)[] = [];
  wanted = 0;
  closed = 0;
  onRead: ((error: unknown, octets?: Buffer) => void) | undefined;
  readonly connection = {
    read: (callback: (error: unknown, octets?: Buffer) => void): void => {
      this.wanted += 1;
      this.onRead = callback;
    },
  };

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  emit(event: 'data' | 'failure' | 'closed', about?: unknown): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(about as never);
    if (event === 'data') this.connection.read((_error, octets) => this.emit('data', octets));
  }

  write(octets: Buffer, onDone: (error?: Error) => void): void {
    const error = this.errors.shift();
    if (error === undefined) this.written.push(...octets);
    setImmediate(onDone, error);
  }

  close(): void {
    this.closed += 1;
    this.emit('closed');
  }
}

function stream(port: Port, clock: Clock = nodeClock): PackageStream {
  return new PackageStream(port, 'bluetooth:00:1A:89:10:20:30', clock);
}

describe('a connection of node-bluetooth-serial-port', () => {
  it('writes one frame at a time, and again what there was no room for: nothing twice, nothing left out', async () => {
    const port = new Port();
    const full = new Error('Writing attempt was unsuccessful');
    port.errors = [undefined, full, full, undefined, full];
    const sent = Uint8Array.from({ length: 500 }, (_, index) => index);
    await stream(port).write(sent, never);
    expect(Uint8Array.from(port.written)).toEqual(sent);
  });

  it('gives a handset up that takes nothing for a minute', async () => {
    const port = new Port();
    port.errors = new Array(100_000).fill(new Error('Writing attempt was unsuccessful'));
    let now = 0;
    const clock: Clock = {
      ...nodeClock,
      monotonic: () => now,
      sleep: async () => {
        now += 10_000;
      },
    };
    await expect(stream(port, clock).write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'bearer/lost' });
    expect({ now, closed: port.closed }).toEqual({ now: 60_000, closed: 1 });
  });

  it('holds the package back while nobody reads, and lets it go on then', async () => {
    const port = new Port();
    const near = stream(port);
    const piece = Buffer.alloc(1024, 7);
    port.emit('data', piece);
    let given = 1;
    for (; port.wanted === given; given += 1) port.onRead?.(undefined, piece);
    expect(given).toBe(64);
    for (let taken = 0; taken < given; taken += 1) expect(await near.read(never)).toEqual(new Uint8Array(piece));
    expect(port.wanted).toBe(64);
  });

  it('gives what came before its end, and then says that it is lost, whatever the package calls it', async () => {
    for (const [event, about] of [
      ['failure', new Error('Error reading from connection')],
      ['closed', undefined],
    ] as const) {
      const port = new Port();
      const near = stream(port);
      port.emit('data', Buffer.of(1, 2));
      port.emit('data', Buffer.of());
      port.emit(event, about);
      expect(await near.read(never)).toEqual(Uint8Array.of(1, 2));
      await expect(near.read(never)).rejects.toMatchObject({ code: 'bearer/lost' });
      await expect(near.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'bearer/lost' });
    }
  });

  it('loses nothing by a read that is broken off, and can be closed with one waiting', async () => {
    const port = new Port();
    const near = stream(port);
    const stop = new AbortController();
    const waiting = near.read(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    port.emit('data', Buffer.of(3));
    expect(await near.read(never)).toEqual(Uint8Array.of(3));
    const last = near.read(never);
    await Promise.all([near.close(), expect(last).rejects.toMatchObject({ code: 'bearer/lost' })]);
    await near.close();
    expect(port.closed).toBe(1);
  });
});
