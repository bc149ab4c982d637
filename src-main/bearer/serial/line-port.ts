/**
 * An open serial port, as little of it as a stream needs. Every call rejects once the port has gone or was closed;
 * one reader and one writer at a time.
 */
export interface LinePort {
  /** Octets put into `buffer`; 0 when there are none now. */
  tryRead(buffer: Uint8Array): Promise<number>;
  /** Resolves when reading is worth a try. */
  readable(): Promise<void>;
  /** How many of the octets were taken; 0 when there is no room now. */
  tryWrite(bytes: Uint8Array): Promise<number>;
  /** Resolves when writing is worth a try. */
  writable(): Promise<void>;
  /** Holds the line in the break state or lets it go. Rejects where the driver has no such thing. */
  setBreak(on: boolean): Promise<void>;
  /** Changes the speed of an open port. Rejects where the driver does not know it. */
  setBaud(baud: number): Promise<void>;
  /** Told once, with the reason, when the port has gone by itself. */
  onGone(listener: (reason: Error) => void): void;
  close(): Promise<void>;
}

/**
 * What serialport's bindings are told for a break. What is left out they take away: a line without DTR and RTS is one that
 * nobody is at, and a cable that lives on them has no current.
 */
export interface LineSignals {
  readonly brk: boolean;
  readonly dtr: true;
  readonly rts: true;
}

export function lineSignals(brk: boolean): LineSignals {
  return { brk, dtr: true, rts: true };
}
