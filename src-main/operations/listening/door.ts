import { PcAgentError } from '../../base/errors.ts';
import type { ListenerKind } from '../../contract/listening.ts';
import type { Carry, RelayListener } from '../../relay/arrival.ts';
import type { SessionDesk } from '../../relay/session-desk.ts';

/** A way in that is open. */
export interface Door {
  readonly listener: RelayListener;
  /** As a handset is to be told it. */
  readonly address: string;
  /** Below it handsets download what is offered to them. */
  readonly downloads?: string;
  /** What it has to do without; looked at when `onChange` was called. */
  readonly lack?: () => PcAgentError | undefined;
  /** Resolves when what it listens on has gone, with why. Never rejects but by the signal. */
  readonly gone: (signal: AbortSignal) => Promise<PcAgentError>;
  /** Takes back what was done for it beside listening. */
  readonly leave?: () => Promise<void>;
}

/** What a way in is opened with. */
export interface DoorOpening {
  /** As a person wrote it. */
  readonly wanted: string | undefined;
  readonly carry: Carry;
  readonly desk: SessionDesk;
  /** Largest message that is taken, in octets. */
  readonly maxMessage: number;
  readonly signal: AbortSignal;
  /** A connection ended badly before it had a session. */
  readonly onFault: (error: PcAgentError) => void;
  /** `lack` may be another one now. */
  readonly onChange: () => void;
}

/** Opens a way in. @throws PcAgentError `listening/*`, `bearer/*`; AbortError */
export type OpenDoor = (opening: DoorOpening) => Promise<Door>;

export type Doors = Readonly<Record<ListenerKind, OpenDoor>>;

/** What a way in says that had to do without its usual port; `cause`: why. */
export function otherPort(cause: PcAgentError): PcAgentError {
  return new PcAgentError('listening/other-port', `the usual port was not to be had: ${cause.message}`, { cause });
}
