import { maySayTheSame } from '../base/device-key.ts';
import type { Digest, Random } from '../base/digest.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import type { Emit } from '../contract/events.ts';
import type { MessageSummary } from '../contract/message-summary.ts';
import type { Account } from '../dm/account.ts';
import type { DeviceFacts, Procedure } from '../dm/server/work.ts';
import type { SessionOutcome } from '../dm/session-outcome.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { Envelope, MessageLink } from '../link/message-link.ts';
import type { Reopen } from '../link/reopened-link.ts';
import type { Completion } from './completion.ts';
import type { ManagedSession } from './managed-session.ts';
import type { FirstNonce, NonceKeeper } from './nonces.ts';

export type Way =
  /** Calls the handset and sends package 0. */
  | { readonly kind: 'dial'; readonly bearer: Bearer; readonly address: BearerAddress }
  /** A handset that called: it begins. The session closes the link. */
  | { readonly kind: 'link'; readonly link: MessageLink; readonly address: string };

export interface ManageOptions<T> {
  readonly via: Way;
  /** DevId of the handset that is expected there; another one is not managed. */
  readonly device?: string | undefined;
  /** Ours on the handset. */
  readonly account: Account;
  readonly nonces: NonceKeeper;
  /** Accounts that the handset may know us by instead, tried in turn when it ignores the first. */
  readonly others?: readonly { readonly account: Account; readonly nonces: NonceKeeper }[];
  /** The handset has proved that it has the account. */
  readonly onProven?: (device: string, account: Account) => Promise<void>;
  readonly work: (session: ManagedSession) => Procedure<T>;
  /**
   * Completion alerts came, perhaps of an earlier session's work, and the message that held them. The handset is told
   * that we have them when this has resolved; when it fails the session is broken off, and the handset says it again.
   */
  readonly onComplete?: (complete: readonly Completion[], message: Uint8Array, device: string) => Promise<void>;
  /**
   * Asked when the link is lost after the handset has spoken: over another one the last message is said again, byte for
   * byte, to a handset that keeps its session (DM Protocol 1.2, 2.3.3). Default: the session is over then.
   */
  readonly reopen?: (loss: PcAgentError, session: LostSession) => ReturnType<Reopen>;
  /** Limit of one step; default 300 s, since a person at the handset may be asked. */
  readonly timeout?: Duration;
  readonly digest: Digest;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly emit: Emit;
  /** Called when a message has come from the handset, and before one goes to it. */
  readonly onPassing?: (direction: Direction, summary: MessageSummary) => void;
  /** Called after each `message` event, with package 0 too. */
  readonly onMessage?: (envelope: Envelope, direction: Direction, summary: MessageSummary) => void;
}

/** The session whose link was lost. */
export interface LostSession {
  readonly id: string;
  /** As the handset named itself in its first message. */
  readonly device: string;
  /** What it said of itself, once it had proved that it may. */
  readonly facts: DeviceFacts | undefined;
}

/** How a session went and what its work found; every failure has one code. */
export interface ManagedOutcome<T> extends SessionOutcome {
  /** The DM SessionID; the notification's when the handset never spoke. */
  readonly id: string;
  readonly device: string | undefined;
  /** What the handset said of itself, once it had proved that it may. */
  readonly facts: DeviceFacts | undefined;
  /** The handset said something. */
  readonly heard: boolean;
  /** Broken off by the signal. */
  readonly cancelled: boolean;
  /** What the work returned, also when the session failed afterwards. */
  readonly found: T | undefined;
}

/** Package 0 of one try. */
export interface Call {
  readonly notification: Uint8Array;
  /** Its SessionID as text. */
  readonly session: string;
  readonly first: FirstNonce;
  readonly triesFollow: boolean;
}

export const IGNORED = 'dm/notification-ignored';
const DEFAULT_TIMEOUT = seconds(300);

export function stepLimit<T>(options: Pick<ManageOptions<T>, 'timeout'>): Duration {
  return options.timeout ?? DEFAULT_TIMEOUT;
}

/** @throws whatever is no failure of the session but a mistake of ours. */
export function failureOf<T>(error: unknown, id: string): ManagedOutcome<T> {
  const nothing = { ok: false, id, device: undefined, facts: undefined, heard: false, found: undefined };
  if (isAbort(error))
    return { ...nothing, code: 'dm/cancelled', message: 'the session was broken off here', cancelled: true };
  if (!isPcAgentError(error)) throw error;
  return { ...nothing, code: error.code, message: error.message, cancelled: false };
}

/** @throws PcAgentError `dm/other-handset` */
export function assertExpected(expected: string | undefined, device: string): void {
  if (expected === undefined || maySayTheSame(expected, device)) return;
  throw new PcAgentError('dm/other-handset', 'another handset answers at this address than the one that was meant', {
    retry: 'after-operator',
  });
}
