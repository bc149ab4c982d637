import type { ByteStream } from '../../base/byte-stream.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { type AtAnswer, informationOf } from './at-answer.ts';
import { askAt, discardUntilSilent } from './at-dialogue.ts';
import { type AtSequence, type AtStep, SETTLE, sequencesInOrder } from './at-sequences.ts';

/** Limit of ATZ and of what only describes the handset. */
const SHORT = seconds(2);
/** Limit of a command that starts OBEX. */
const LONG = seconds(4);
/** Limit of ATZ where other speeds are tried after it. */
const BEFORE_SPEEDS = seconds(1);
/** Limit of AT at one speed: an answer at 9600 baud and the time that a slow handset takes. */
const AT_SPEED = milliseconds(400);
/** Limit of AT where only a handset that was asked before, or that is in OBEX, says nothing. */
const AWAKE = milliseconds(700);
/** Silence around `+++` (ITU-T V.250, and spec sheet obex, section 8). */
const GUARD: Duration = seconds(1);

/** A line whose driver may be able to send a break. */
export interface BreakableLine extends ByteStream {
  /** @returns false where the line has none. */
  sendBreak(signal: AbortSignal): Promise<boolean>;
}

/** Speeds that a line may have, where nobody has said which. */
export interface SpeedSearch {
  /** What the port was opened with. */
  readonly now: number;
  readonly others: readonly number[];
  /** @throws PcAgentError `bearer/unavailable` where the adapter cannot do it. */
  set(baud: number): Promise<void>;
  /** Told the speed at which somebody answered. */
  found(baud: number): void;
}

/** What is done differently with the handsets of a maker. */
export interface SerialTraits {
  /** Sequences that are tried before the others, by name. */
  readonly first?: readonly string[];
  /** How long such a handset needs after it has answered the command for OBEX, where that is longer than usual. */
  readonly settle?: Duration;
}

export interface AtContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Sequences that are tried before the others, by name. */
  readonly first?: readonly string[];
  /** Asked with the name that the handset gives its maker; behind `first` come its sequences. */
  readonly traits?: (maker: string) => SerialTraits;
  /** Absent where the port has one speed, or any. */
  readonly speeds?: SpeedSearch;
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
 * @throws PcAgentError `bearer/timeout` when it does not answer (any more), `bearer/no-obex` when it knows none of the
 * ways, or talks without an end; `bearer/lost`; AbortError.
 */
export async function switchToObex(line: ByteStream, context: AtContext): Promise<AtSwitch> {
  await discardUntilSilent(line, SETTLE, context.clock, context.signal);
  const limit = context.speeds === undefined ? SHORT : BEFORE_SPEEDS;
  // The first one may end a line that noise began.
  const awake = (await ask(line, 'ATZ', limit, context)) ?? (await ask(line, 'ATZ', limit, context));
  if (awake === undefined && !(await findSpeed(line, context))) throw nobodyAnswers();
  await ask(line, 'ATE0', SHORT, context);
  const about = await ask(line, 'AT+GMI', SHORT, context);
  const maker = about === undefined ? undefined : informationOf(about, 'AT+GMI');
  const traits = maker === undefined ? undefined : context.traits?.(maker);
  const sequences = sequencesInOrder([...(context.first ?? []), ...(traits?.first ?? [])]);
  let unanswered = 0;
  for (const sequence of sequences) {
    const outcome = await run(line, sequence, traits?.settle ?? SETTLE, context);
    if (outcome === 'done') return { sequence: sequence.name, maker };
    // Once is a command that it does not know and says nothing about; then it has gone, or is starting again.
    unanswered = outcome === 'unanswered' ? unanswered + 1 : 0;
    if (unanswered > 1) throw nobodyAnswers();
  }
  throw new PcAgentError('bearer/no-obex', 'the handset answers AT commands, but none of them starts OBEX', {
    details: {
      bearer: 'serial',
      tried: sequences.map(({ name }) => name),
      ...(maker === undefined ? {} : { maker }),
    },
  });
}

/**
 * Finds a handset that listens for AT commands, or brings it back to them from OBEX: asks, sends a break, tries other
 * speeds, and in the end `+++` between two silences.
 * @throws PcAgentError `bearer/timeout` when nobody answers; `bearer/no-obex`, `bearer/lost`; AbortError.
 */
export async function findAt(line: BreakableLine, context: AtContext): Promise<void> {
  const { clock, signal } = context;
  await discardUntilSilent(line, SETTLE, clock, signal);
  if (await answers(line, context)) return;
  if (await answers(line, context)) return;
  if ((await line.sendBreak(signal)) && (await answers(line, context))) return;
  if (await findSpeed(line, context)) return;
  await escapeFromObex(line, context);
  if (!(await answers(line, context))) throw nobodyAnswers();
}

/** Back to AT commands, by what the line can do: a break, and where it does not help, `+++` between two silences. */
export async function leaveObex(line: BreakableLine, context: AtContext): Promise<void> {
  if ((await line.sendBreak(context.signal)) && (await answers(line, context))) return;
  await escapeFromObex(line, context);
}

async function escapeFromObex(line: ByteStream, { clock, signal }: AtContext): Promise<void> {
  await clock.sleep(GUARD, signal);
  await line.write(utf8('+++'), signal);
  await clock.sleep(GUARD, signal);
  await line.write(utf8('\r'), signal);
  await discardUntilSilent(line, SETTLE, clock, signal);
}

async function answers(line: ByteStream, context: AtContext): Promise<boolean> {
  return (await ask(line, 'AT', AWAKE, context)) !== undefined;
}

/** Leaves the line at the speed at which somebody answers, else at the one that it had. */
async function findSpeed(line: ByteStream, context: AtContext): Promise<boolean> {
  const { speeds, clock, signal } = context;
  if (speeds === undefined) return false;
  for (const baud of speeds.others) {
    if (!(await setSpeed(speeds, baud)) || (await ask(line, 'AT', AT_SPEED, context)) === undefined) continue;
    speeds.found(baud);
    await discardUntilSilent(line, SETTLE, clock, signal);
    return true;
  }
  await setSpeed(speeds, speeds.now);
  return false;
}

/** Drivers refuse what their adapter cannot do. */
async function setSpeed(speeds: SpeedSearch, baud: number): Promise<boolean> {
  try {
    await speeds.set(baud);
    return true;
  } catch (error) {
    if (!isPcAgentError(error, 'bearer/unavailable')) throw error;
    return false;
  }
}

function nobodyAnswers(): PcAgentError {
  return new PcAgentError('bearer/timeout', 'nobody at the serial port answers, neither OBEX nor AT commands', {
    retry: 'same-bearer',
    details: { bearer: 'serial' },
  });
}

async function run(
  line: ByteStream,
  sequence: AtSequence,
  settle: Duration,
  context: AtContext,
): Promise<'done' | 'refused' | 'unanswered'> {
  for (const step of sequence.steps) {
    const answer = await askStep(line, step, context);
    if (answer === undefined) return 'unanswered';
    if (!step.success.some((begin) => answer.result.startsWith(begin))) return 'refused';
    await context.clock.sleep(step.settle ?? settle, context.signal);
    await discardUntilSilent(line, SETTLE, context.clock, context.signal);
  }
  return 'done';
}

function askStep(line: ByteStream, { command }: AtStep, { clock, signal }: AtContext): Promise<AtAnswer | undefined> {
  return askAt(line, command, { limit: LONG, clock, signal, opens: true });
}

function ask(line: ByteStream, command: string, limit: Duration, { clock, signal }: AtContext) {
  return askAt(line, command, { limit, clock, signal });
}
