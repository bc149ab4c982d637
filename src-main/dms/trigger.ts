import { z } from 'zod';
import { fromBase64 } from '../base/base64.ts';
import { strictTextOf } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { type HttpAnswer, httpRequest } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';

/** A DMS's wish for a session, as the trigger interface hands it out (contract, section 6; ours, not OMA's). */
export interface TriggerNotification {
  readonly id: string;
  readonly device: string;
  /** Package 0, ready to be sent. */
  readonly body: Uint8Array;
}

export interface TriggerOptions {
  /** The whole long-poll address, with `?device=`. */
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger. */
  readonly initiator: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /**
   * Id of the last notification, when the handset took no notice of it: the server is told, and may have the next one
   * (made with another nonce) at once. A server that does not know of that parameter passes over it.
   */
  readonly ignored?: () => string | undefined;
  /**
   * SessionID of the handset's last session, when its link was lost for good: the server need not wait for more of it,
   * and may ask for another one at once. A server that does not know of that parameter passes over it.
   */
  readonly lost?: () => string | undefined;
  /** Told of each poll that failed, and of how long it waits now. */
  readonly onTrouble?: (error: PcAgentError, pause: Duration) => void;
}

/** A server holds a poll this long at most; then it is asked again. */
const POLL_TIME = seconds(300);
const FIRST_PAUSE = seconds(1);
const LONGEST_PAUSE = seconds(60);
/** Between two polls of which the first brought nothing new and did not wait either. */
const BREATH = seconds(1);
const MAX_BODY = 1024 * 1024;

/** Twice a notification's own limit in base64 is more than any has. */
const Answer = z.object({
  notifications: z
    .array(z.object({ id: z.string().max(200), device: z.string().max(200), body: z.base64().max(100_000) }))
    .max(100),
});

/**
 * Polls for notifications until `signal` is aborted. Trouble is waited out with growing pauses; what only an operator
 * can mend is thrown.
 * @throws PcAgentError `dms/http-status` for 4xx but 408, 425 and 429; `dms/answer-unexpected`; AbortError.
 */
export async function* pollTrigger(options: TriggerOptions): AsyncGenerator<TriggerNotification, void, void> {
  const { clock, signal } = options;
  let pause = FIRST_PAUSE;
  let latest: readonly string[] = [];
  for (;;) {
    const startedAt = clock.monotonic();
    let found: readonly TriggerNotification[];
    try {
      found = await poll(options);
      pause = FIRST_PAUSE;
    } catch (error) {
      if (!isPcAgentError(error) || error.retry !== 'later') throw error;
      // A poll that ends for being long is no trouble.
      if (error.code === 'dms/timeout' && clock.monotonic() - startedAt >= POLL_TIME) continue;
      options.onTrouble?.(error, pause);
      await clock.sleep(pause, signal);
      pause = milliseconds(Math.min(pause * 2, LONGEST_PAUSE));
      continue;
    }
    const again = found.every(({ id }) => latest.includes(id));
    if (again && clock.monotonic() - startedAt < BREATH) await clock.sleep(BREATH, signal);
    latest = found.map(({ id }) => id);
    yield* found;
  }
}

/** What a single look needs. */
export interface TriggerLook
  extends Pick<TriggerOptions, 'url' | 'agent' | 'ledger' | 'initiator' | 'signal' | 'ignored' | 'lost'> {
  /** How long the server is asked to wait for one; a server that does not know of it waits as long as it likes. */
  readonly wait: Duration;
}

/** How long a server may hold a look beyond what it was asked to wait; what wants no session by then, wants none. */
const LOOK_LIMIT = seconds(30);

/**
 * What the DM server wants now; empty: no session.
 * @throws PcAgentError `dms/*`, `net/offline`; AbortError
 */
export async function lookForNotifications(options: TriggerLook): Promise<readonly TriggerNotification[]> {
  const url = new URL(options.url);
  url.searchParams.set('wait', String(options.wait / 1000));
  const limit = milliseconds(options.wait + LOOK_LIMIT);
  try {
    return await poll({ ...options, url }, limit);
  } catch (error) {
    if (isPcAgentError(error, 'dms/timeout') && error.details.phase === 'header') return [];
    throw error;
  }
}

async function poll(
  options: Omit<TriggerLook, 'wait'>,
  headerTime: Duration = POLL_TIME,
): Promise<readonly TriggerNotification[]> {
  const { agent, ledger, initiator, signal } = options;
  const url = new URL(options.url);
  const ignored = options.ignored?.();
  if (ignored !== undefined) url.searchParams.set('ignored', ignored);
  const lost = options.lost?.();
  if (lost !== undefined) url.searchParams.set('lost', lost);
  const answer = await httpRequest({
    url,
    method: 'GET',
    headers: { Accept: 'application/json' },
    agent,
    ledger,
    purpose: 'trigger',
    initiator,
    family: 'dms',
    maxBody: MAX_BODY,
    headerTime,
    signal,
  });
  if (answer.status === 204) return [];
  if (answer.status !== 200) throw statusError(answer.status, url);
  return notificationsOf(answer, url);
}

function notificationsOf(answer: HttpAnswer, url: URL): readonly TriggerNotification[] {
  const parsed = Answer.safeParse(jsonOf(answer.body));
  if (!parsed.success) {
    throw new PcAgentError('dms/answer-unexpected', `${url.origin} answered the poll with something else`, {
      retry: 'after-operator',
      details: { origin: url.origin, bytes: answer.body.length },
    });
  }
  return parsed.data.notifications.map(({ id, device, body }) => ({
    id,
    device,
    body: fromBase64(body) ?? new Uint8Array(0),
  }));
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(strictTextOf(body) ?? '');
  } catch {
    return undefined;
  }
}

function statusError(status: number, url: URL): PcAgentError {
  const later = status === 408 || status === 425 || status === 429 || status >= 500;
  return new PcAgentError('dms/http-status', `${url.origin} answered the poll with HTTP status ${status}`, {
    retry: later ? 'later' : 'after-operator',
    details: { origin: url.origin, status },
  });
}
