import { seconds } from '../../base/durations.ts';
import { isAbort, isPcAgentError, type PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import { NONCE_FORMS } from '../../dm/notification/verify-notification.ts';
import { pollTrigger } from '../../dms/trigger.ts';
import { type DialledSessionOptions, relayDialled } from '../../relay/dialled-session.ts';
import type { RelayOutcome } from '../../relay/relay-outcome.ts';
import { NOTIFICATION_IGNORED } from '../../relay/relay-session.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';
import type { RelayOptions } from '../options.ts';
import type { ObexPlace } from './relay-bearer.ts';
import { describeNotification, type NotificationSource, notificationSource } from './relay-notification.ts';
import { RelayResult } from './relay-result.ts';

/** How long a DMS that heard of an ignored notification may take to come up with the next. */
const FOLLOW_UP = seconds(5);

interface Calls {
  readonly setting: RelaySetting;
  readonly context: CommandContext;
  readonly handset: ObexPlace;
  readonly result: RelayResult;
}

/** `relay --handset`: dials, sends package 0, relays; once, `--count` times, or whenever the DMS asks. */
export async function relayCalls(
  options: RelayOptions,
  handset: ObexPlace,
  setting: RelaySetting,
  context: CommandContext,
): Promise<CommandOutcome> {
  const calls: Calls = { setting, context, handset, result: new RelayResult() };
  context.emit({ type: 'started', address: options.handset ?? '', pid: process.pid });
  if (options.trigger !== undefined) return dialOnTrigger(calls, new URL(options.trigger), options.count);
  const source = await notificationSource(options, context);
  return dialInTurn(calls, source, options.count ?? 1);
}

async function dialInTurn(calls: Calls, source: NotificationSource, count: number): Promise<CommandOutcome> {
  const { context, result } = calls;
  for (let number = 1; number <= count; number += 1) {
    // Told to end between two sessions; the first is under way from the start.
    if (context.signal.aborted && number > 1) return result.outcome('interrupted');
    try {
      const outcome = await call(calls, source(), number);
      result.add(outcome);
      if (outcome.cancelled) break;
    } catch (error) {
      if (!isPcAgentError(error)) throw error;
      return { ...absent(error, context), ...fieldsOf(result) };
    }
  }
  return result.outcome('count');
}

async function dialOnTrigger(calls: Calls, url: URL, count = Number.POSITIVE_INFINITY): Promise<CommandOutcome> {
  const { context, setting, result } = calls;
  const { agent, ledger } = setting;
  const { signal } = context;
  const stop = new AbortController();
  let number = 0;
  let ignored: string | undefined;
  let ignoredInTurn = 0;
  const wishes = pollTrigger({
    url,
    agent,
    ledger,
    initiator: 'relay',
    clock: nodeClock,
    signal: AbortSignal.any([signal, stop.signal]),
    ignored: () => ignored,
    onTrouble: (error, pause) => context.note(`${error.message}; asking again in ${pause / 1000} s`),
  });
  try {
    let coming = wishes.next();
    for (;;) {
      const { value: wish } = await coming;
      if (wish === undefined) break;
      number += 1;
      const outcome = await tryCall(calls, wish.body, number);
      ignored = outcome?.code === NOTIFICATION_IGNORED ? wish.id : undefined;
      ignoredInTurn = ignored === undefined ? 0 : ignoredInTurn + 1;
      const mayFollow = ignoredInTurn > 0 && ignoredInTurn < NONCE_FORMS.length && !signal.aborted;
      const following = mayFollow ? wishes.next() : undefined;
      if (outcome !== undefined && !(following !== undefined && (await comesSoon(following)))) {
        result.add(outcome);
        if (outcome.cancelled || result.count >= count) return result.outcome('count');
      }
      coming = following ?? wishes.next();
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
  } finally {
    stop.abort();
  }
  return result.outcome('interrupted');
}

/** The DMS has another notification ready, made with another nonce: what was ignored was a try, and no session. */
async function comesSoon(following: Promise<unknown>): Promise<boolean> {
  const stop = new AbortController();
  const late = nodeClock.sleep(FOLLOW_UP, stop.signal).then(never, never);
  const came = following.then(
    () => true,
    () => false,
  );
  const soon = await Promise.race([came, late]);
  stop.abort();
  return soon;
}

const never = () => false;

/** A handset that is not there now may be there when the DMS asks again. */
async function tryCall(calls: Calls, body: Uint8Array, number: number): Promise<RelayOutcome | undefined> {
  try {
    return await call(calls, [body], number);
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    calls.context.emit({ type: 'error', code: error.code, message: error.message });
    return undefined;
  }
}

function call(calls: Calls, notifications: readonly [Uint8Array, ...Uint8Array[]], number: number) {
  const { setting, context, handset } = calls;
  context.note(`Package 0: ${describeNotification(notifications[0])}`);
  const session: DialledSessionOptions = {
    ...handset,
    notifications,
    label: `unread-${number}`,
    onNextTry: (next) =>
      context.note(`The handset ignored the notification; another follows: ${describeNotification(next)}`),
  };
  return relayDialled(setting, session);
}

/** The handset could not be reached: absent when the bearer says so, failed when it was there and refused. */
function absent(error: PcAgentError, context: CommandContext): CommandOutcome {
  const { code, message } = error;
  context.emit({ type: 'error', code, message });
  const exitCode = code === 'bearer/unavailable' || code === 'bearer/timeout' ? ExitCode.NotFound : ExitCode.Failed;
  return { exitCode, ok: false, code, message };
}

function fieldsOf(result: RelayResult): object {
  const { sessions, sessionCount } = result.outcome('interrupted');
  return { state: 'failed', sessions, sessionCount };
}
