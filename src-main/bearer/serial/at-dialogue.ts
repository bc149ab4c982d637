import type { ByteStream } from '../../base/byte-stream.ts';
import { concatBytes, EMPTY_BYTES, utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { type AtAnswer, AtAnswerReader, hasAtResult } from './at-answer.ts';

/** More than an answer has that came too late, in octets. */
const MAX_LATE = 4096;
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
  const over = new AbortController();
  const enough = new AbortController();
  const timer = clock.sleep(limit, AbortSignal.any([signal, enough.signal])).then(
    () => over.abort(),
    () => undefined,
  );
  try {
    return await stream.read(AbortSignal.any([signal, over.signal]));
  } catch (error) {
    if (over.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    enough.abort();
    await timer;
  }
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
 * Where one command was not answered in time and the next one was, that may have been the answer to the first: waits for
 * the other one, as long as the first was waited for, so that it is not taken for that to a third.
 */
export async function lateAnswer(
  stream: ByteStream,
  limit: Duration,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.monotonic() + limit;
  let heard: Uint8Array = EMPTY_BYTES;
  for (;;) {
    const left = deadline - clock.monotonic();
    const more = left > 0 ? await readWithin(stream, left as Duration, clock, signal) : undefined;
    if (more === undefined) return;
    heard = concatBytes([heard, more]).slice(-MAX_LATE);
    if (hasAtResult(heard)) return discardUntilSilent(stream, REST_OF_LINE, clock, signal);
  }
}

/**
 * Sends one command and gives the answer, or `undefined` when none came within the limit.
 * @throws PcAgentError `bearer/no-obex` when what comes has no end; `bearer/lost`; AbortError.
 */
export async function askAt(stream: ByteStream, command: string, options: AskAtOptions): Promise<AtAnswer | undefined> {
  const { limit, clock, signal, opens = false } = options;
  await stream.write(utf8(`${command}\r`), signal);
  const deadline = clock.monotonic() + limit;
  const reader = new AtAnswerReader({ command, opens });
  for (;;) {
    const left = deadline - clock.monotonic();
    const more = left > 0 ? await readWithin(stream, left as Duration, clock, signal) : undefined;
    if (more === undefined) return undefined;
    const answer = reader.add(more);
    if (answer !== undefined) return answer;
    if (reader.flooded) {
      throw new PcAgentError('bearer/no-obex', 'what is at the serial port talks without an end and answers nothing', {
        details: { bearer: 'serial', command },
      });
    }
  }
}
