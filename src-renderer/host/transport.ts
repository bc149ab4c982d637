/** How frames get to the host and back, whatever carries them. */
export interface TransportHandlers {
  /** The connection is there. */
  readonly onOpen: () => void;
  readonly onFrame: (text: string) => void;
  /** Called once, also when it never opened. */
  readonly onClose: () => void;
}

export interface TransportConnection {
  send(text: string): void;
  /** Ends it; `onClose` follows. */
  close(): void;
}

export interface Transport {
  /** Shows who we are, where that is needed. @returns why not, as an error code. Rejects when nobody answers. */
  signIn(): Promise<string | undefined>;
  open(handlers: TransportHandlers): TransportConnection;
}
