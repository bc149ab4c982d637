import type { ByteStream } from '../../base/byte-stream.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { withinLimit } from '../../base/node/within-limit.ts';
import { type AtAnswer, AtAnswerReader } from './at-answer.ts';

const REST_OF_LINE = milliseconds(100);

export interface AskAtOptions {
  /** How long the answer may take, once the command has gone out. */
  readonly limit: Duration;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether the command opens a connection; default false. */
  readonly opens?: boolean;
}

/** What comes within `limit`, or `undefined` when nothing does. Loses nothing. */
export async function readWithin(
  stream: ByteStream,
  limit: Duration,
  clock: Clock,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  return withinLimit(limit, { clock, signal }, async (limited) => {
    try {
      return await stream.read(limited);
    } catch (error) {
      if (limited.aborted && !signal.aborted) return undefined;
      throw error;
    }
  });
}

/** Reads and drops what comes until nothing has come for `silence`, and no longer than twenty times that. */
export async function discardUntilSilent(
  stream: ByteStream,
  silence: Duration,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.monotonic() + 20 * silence;
  while (clock.monotonic() < deadline && (await readWithin(stream, silence, clock, signal)) !== undefined);
}

/**
 * Where one command was not answered in time and the next one was, that may have been the answer to the first: then
 * another one comes, and that is meant. Waits for it, as long as it may take.
 * @returns `undefined` when none comes: the one that there is answers the command
 */
export async function lateAnswer(
  stream: ByteStream,
  command: string,
  options: AskAtOptions,
): Promise<AtAnswer | undefined> {
  const { limit, clock, signal, opens = false } = options;
  const answer = await answerWithin(stream, new AtAnswerReader({ command, opens }), { limit, clock, signal });
  if (answer !== undefined) await discardUntilSilent(stream, REST_OF_LINE, clock, signal);
  return answer;
}

/**
 * Sends one command and gives the answer, or `undefined` when none came within the limit.
 * @throws PcAgentError `bearer/no-obex` when what comes has no end; `bearer/lost`; AbortError.
 */
export async function askAt(stream: ByteStream, command: string, options: AskAtOptions): Promise<AtAnswer | undefined> {
  const { signal, opens = false } = options;
  await stream.write(utf8(`${command}\r`), signal);
  const reader = new AtAnswerReader({ command, opens });
  const answer = await answerWithin(stream, reader, options);
  if (answer === undefined && reader.flooded) {
    throw new PcAgentError('bearer/no-obex', 'what is at the serial port talks without an end and answers nothing', {
      details: { bearer: 'serial', command },
    });
  }
  return answer;
}

/** The next answer that is read whole within the limit; none either from who talks without an end. */
async function answerWithin(
  stream: ByteStream,
  reader: AtAnswerReader,
  { limit, clock, signal }: Omit<AskAtOptions, 'opens'>,
): Promise<AtAnswer | undefined> {
  const deadline = clock.monotonic() + limit;
  for (;;) {
    const left = deadline - clock.monotonic();
    const more = left > 0 ? await readWithin(stream, left as Duration, clock, signal) : undefined;
    if (more === undefined) return undefined;
    const answer = reader.add(more);
    if (answer !== undefined || reader.flooded) return answer;
  }
}
