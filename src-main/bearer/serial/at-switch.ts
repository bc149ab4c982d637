import type { ByteStream } from '../../base/byte-stream.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { askAt, discardUntilSilent } from './at-dialogue.ts';
import { AT_SEQUENCES, type AtSequence, SETTLE } from './at-sequences.ts';

/** Limit of ATZ and of what only describes the handset. */
const SHORT = seconds(2);
/** Limit of a command that starts OBEX. */
const LONG = seconds(4);
/** Silence around `+++` (ITU-T V.250, and spec sheet obex, section 8). */
const GUARD: Duration = seconds(1);

export interface AtContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How a line was brought to OBEX. */
export interface AtSwitch {
  /** The command that did it. */
  readonly sequence: string;
  /** What the handset says of its maker. */
  readonly maker: string | undefined;
}

/**
 * Brings a handset that listens for AT commands to OBEX.
 * @throws PcAgentError `bearer/timeout` when it does not answer at all, `bearer/no-obex` when it knows none of the
 * ways; `bearer/lost`; AbortError.
 */
export async function switchToObex(line: ByteStream, context: AtContext): Promise<AtSwitch> {
  await discardUntilSilent(line, SETTLE, context.clock, context.signal);
  // The first one may end a line that noise began.
  const awake = (await ask(line, 'ATZ', SHORT, context)) ?? (await ask(line, 'ATZ', SHORT, context));
  if (awake === undefined) {
    throw new PcAgentError('bearer/timeout', 'nobody at the serial port answers, neither OBEX nor AT commands', {
      retry: 'same-bearer',
      details: { bearer: 'serial' },
    });
  }
  await ask(line, 'ATE0', SHORT, context);
  const maker = (await ask(line, 'AT+GMI', SHORT, context))?.lines[0];
  for (const sequence of AT_SEQUENCES) {
    if (await runs(line, sequence, context)) return { sequence: sequence.name, maker };
  }
  throw new PcAgentError('bearer/no-obex', 'the handset answers AT commands, but none of them starts OBEX', {
    details: {
      bearer: 'serial',
      tried: AT_SEQUENCES.map(({ name }) => name),
      ...(maker === undefined ? {} : { maker }),
    },
  });
}

/** Back to AT commands, where no break does it. */
export async function escapeFromObex(line: ByteStream, { clock, signal }: AtContext): Promise<void> {
  await clock.sleep(GUARD, signal);
  await line.write(utf8('+++'), signal);
  await clock.sleep(GUARD, signal);
  await line.write(utf8('\r'), signal);
}

async function runs(line: ByteStream, sequence: AtSequence, context: AtContext): Promise<boolean> {
  for (const { command, success, settle } of sequence.steps) {
    const answer = await ask(line, command, LONG, context);
    if (answer === undefined || !success.some((begin) => answer.result.startsWith(begin))) return false;
    await context.clock.sleep(settle ?? SETTLE, context.signal);
    await discardUntilSilent(line, SETTLE, context.clock, context.signal);
  }
  return true;
}

function ask(line: ByteStream, command: string, limit: Duration, { clock, signal }: AtContext) {
  return askAt(line, command, { limit, clock, signal });
}
