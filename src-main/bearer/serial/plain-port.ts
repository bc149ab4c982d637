import { type LinePort, type LineSignals, lineSignals } from './line-port.ts';

/** A port of serialport, as every operating system has it; on Windows all there is. */
export interface BindingPort {
  read(buffer: Buffer, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Buffer): Promise<void>;
  set(signals: LineSignals): Promise<void>;
  update(options: { readonly baudRate: number }): Promise<void>;
  close(): Promise<void>;
}

/** Octets of a write: it tells nothing until the line has taken all, and 9600 baud take four seconds for so many. */
const PIECE = 4096;

/** Serialport's own reading and writing: they wait inside the driver, so there is nothing to try. */
export class PlainPort implements LinePort {
  readonly #port: BindingPort;
  #gone: Error | undefined;
  #closed: Promise<void> | undefined;
  #onGone: ((reason: Error) => void) | undefined;

  constructor(port: BindingPort) {
    this.#port = port;
  }

  tryRead(buffer: Uint8Array): Promise<number> {
    const whole = Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    return this.#call(async () => (await this.#port.read(whole, 0, whole.length)).bytesRead);
  }

  async readable(): Promise<void> {
    this.#check();
  }

  tryWrite(bytes: Uint8Array): Promise<number> {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, PIECE));
    return this.#call(async () => {
      await this.#port.write(piece);
      return piece.length;
    });
  }

  async writable(): Promise<void> {
    this.#check();
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
  }

  close(): Promise<void> {
    this.#gone ??= new Error('the port was closed here');
    this.#closed ??= this.#port.close();
    return this.#closed;
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    this.#check();
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      if (this.#gone === undefined) {
        this.#gone = reason;
        this.#onGone?.(reason);
      }
      throw this.#gone;
    }
  }

  #check(): void {
    if (this.#gone !== undefined) throw this.#gone;
  }
}
