import type { ByteStream } from '../../base/byte-stream.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { type AtAnswer, informationOf } from './at-answer.ts';
import { askAt, discardUntilSilent, lateAnswer } from './at-dialogue.ts';
import { type AtSequence, SETTLE, sequencesInOrder } from './at-sequences.ts';

/** Limit of ATZ and of what only describes the handset. */
const SHORT = seconds(2);
/** Limit of a command that starts OBEX. */
const LONG = seconds(4);
/** Limit of AT at one speed: an answer at 9600 baud and the time that a slow handset takes. */
const AT_SPEED = milliseconds(400);
/** Limit of AT where only a handset that was asked before, or that is in OBEX, says nothing. */
const AWAKE = milliseconds(700);
/** Limit of ATZ where other speeds are tried after it. */
const BEFORE_SPEEDS = seconds(1);
/** Silence around `+++` (ITU-T V.250, and spec sheet obex, section 8). */
const GUARD: Duration = seconds(1);

/** A line whose driver may be able to send a break. */
export interface BreakableLine extends ByteStream {
  /** @returns false where the line has none. */
  sendBreak(signal: AbortSignal): Promise<boolean>;
  /** It has gone, or was closed here; nothing more can be said. Default: nobody knows. */
  readonly isOver?: boolean;
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

/** What was found out about a line: the handset at it is likely to be the same when it is dialled again. */
export interface KnownLine {
  /** What brought a handset of this maker to OBEX the last time. */
  readonly worked?: AtSwitch | undefined;
  /** What a handset of this maker said yes to, and then spoke no OBEX. */
  readonly failed?: readonly AtSwitch[];
}

export interface AtContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What was found out about the line before. */
  readonly known?: KnownLine;
  /** Asked with the name that the handset gives its maker; behind what worked before come its sequences. */
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
  const talk = new Conversation(line, context);
  const limit = context.speeds === undefined ? SHORT : BEFORE_SPEEDS;
  // The first one may end a line that noise began.
  const awake = (await talk.ask('ATZ', limit)) ?? (await talk.ask('ATZ', limit));
  if (awake === undefined && !(await findSpeed(talk, context))) throw nobodyAnswers();
  await talk.ask('ATE0', SHORT);
  const about = await talk.ask('AT+GMI', SHORT);
  const maker = about === undefined ? undefined : informationOf(about, 'AT+GMI');
  const traits = maker === undefined ? undefined : context.traits?.(maker);
  const sequences = inOrderFor(maker, traits, context.known);
  let unanswered = 0;
  for (const sequence of sequences) {
    const outcome = await run(talk, sequence, traits?.settle ?? SETTLE, context);
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

/** What worked with a handset of this maker at this line first, what was promised in vain last. */
function inOrderFor(
  maker: string | undefined,
  traits: SerialTraits | undefined,
  { worked, failed = [] }: KnownLine = {},
): readonly AtSequence[] {
  const last = worked?.maker === maker && worked !== undefined ? [worked.sequence] : [];
  const sequences = sequencesInOrder([...last, ...(traits?.first ?? [])]);
  const inVain = failed.filter((each) => each.maker === maker).map(({ sequence }) => sequence);
  return sequences.toSorted((a, b) => Number(inVain.includes(a.name)) - Number(inVain.includes(b.name)));
}

/**
 * Finds a handset that listens for AT commands, or brings it back to them from OBEX: asks, sends a break, tries other
 * speeds, and in the end `+++` between two silences.
 * @throws PcAgentError `bearer/timeout` when nobody answers; `bearer/no-obex`, `bearer/lost`; AbortError.
 */
export async function findAt(line: BreakableLine, context: AtContext): Promise<void> {
  const { clock, signal } = context;
  await discardUntilSilent(line, SETTLE, clock, signal);
  const talk = new Conversation(line, context);
  if (await answers(talk)) return;
  if (await answers(talk)) return;
  if ((await line.sendBreak(signal)) && (await answers(talk))) return;
  if (await findSpeed(talk, context)) return;
  await escapeFromObex(line, context);
  if (!(await answers(talk))) throw nobodyAnswers();
}

/** Back to AT commands, by what the line can do: a break, and where it does not help, `+++` between two silences. */
export async function leaveObex(line: BreakableLine, context: AtContext): Promise<void> {
  if ((await line.sendBreak(context.signal)) && (await answers(new Conversation(line, context)))) return;
  await escapeFromObex(line, context);
}

async function escapeFromObex(line: ByteStream, { clock, signal }: AtContext): Promise<void> {
  await clock.sleep(GUARD, signal);
  await line.write(utf8('+++'), signal);
  await clock.sleep(GUARD, signal);
  await line.write(utf8('\r'), signal);
  await discardUntilSilent(line, SETTLE, clock, signal);
}

async function answers(talk: Conversation): Promise<boolean> {
  return (await talk.ask('AT', AWAKE)) !== undefined;
}

/** Leaves the line at the speed at which somebody answers, else at the one that it had. */
async function findSpeed(talk: Conversation, { speeds }: AtContext): Promise<boolean> {
  if (speeds === undefined) return false;
  for (const baud of speeds.others) {
    if (!(await setSpeed(speeds, baud)) || (await talk.ask('AT', AT_SPEED)) === undefined) continue;
    speeds.found(baud);
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
  talk: Conversation,
  sequence: AtSequence,
  settle: Duration,
  { clock, signal }: AtContext,
): Promise<'done' | 'refused' | 'unanswered'> {
  for (const step of sequence.steps) {
    const answer = await talk.ask(step.command, LONG, true);
    if (answer === undefined) return 'unanswered';
    if (!step.success.some((begin) => answer.result.startsWith(begin))) return 'refused';
    await clock.sleep(step.settle ?? settle, signal);
    await talk.silence(SETTLE);
  }
  return 'done';
}

/** Commands and answers. What answers the second of two may have answered the first: then another answer comes. */
class Conversation {
  readonly #line: ByteStream;
  readonly #context: Pick<AtContext, 'clock' | 'signal'>;
  /** How long the command before was waited for in vain. */
  #owed: Duration | undefined;

  constructor(line: ByteStream, { clock, signal }: AtContext) {
    this.#line = line;
    this.#context = { clock, signal };
  }

  /** @param opens whether the command opens a connection */
  async ask(command: string, limit: Duration, opens = false): Promise<AtAnswer | undefined> {
    const { clock, signal } = this.#context;
    const asked = clock.monotonic();
    const answer = await askAt(this.#line, command, { limit, opens, clock, signal });
    const owed = this.#owed;
    this.#owed = answer === undefined ? limit : undefined;
    // Who has connected says nothing more to commands.
    if (answer === undefined || owed === undefined || answer.result.startsWith('CONNECT')) return answer;
    // It may have taken as long for the first as this: then it takes as long for the second, one after the other.
    const took = (owed + clock.monotonic() - asked) as Duration;
    return (await lateAnswer(this.#line, command, { limit: took, opens, clock, signal })) ?? answer;
  }

  /** What is still said until then answers nothing. */
  silence(length: Duration): Promise<void> {
    return discardUntilSilent(this.#line, length, this.#context.clock, this.#context.signal);
  }
}
