import type { MessageLink } from '../link/message-link.ts';
import type { RelayOutcome } from './relay-outcome.ts';
import { type RelaySessionOptions, relaySession } from './relay-session.ts';
import { type RelaySetting, sessionOptions } from './relay-setting.ts';

/** A handset has come by itself and is about to say its first message. */
export interface Arrival extends Pick<RelaySessionOptions, 'handset' | 'label' | 'handsetHangsUp' | 'takeGlance'> {
  /** Whoever takes the arrival closes it. */
  readonly downlink: MessageLink;
  /** Where it calls from, as a handset address, where the bearer knows. */
  readonly peer?: string | undefined;
}

/** What is done with those who come. */
export type Carry = (arrival: Arrival) => Promise<RelayOutcome>;

/** A way in for handsets. */
export interface RelayListener {
  /** As the other side's `--connect` takes it. */
  readonly address: string;
  /** Lets nobody in any more; sessions that go on are left alone. May be called again. */
  shut(): Promise<void>;
  /** The same, and ends what is still open; call it when no session runs. */
  close(): Promise<void>;
}

/** Everybody is let in, and all go to one DM server. */
export function carryAll(setting: RelaySetting): Carry {
  return ({ peer: _peer, ...arrival }) => relaySession({ ...sessionOptions(setting), ...arrival });
}
