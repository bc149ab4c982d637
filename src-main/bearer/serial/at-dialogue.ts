import type { ByteStream } from '../../base/byte-stream.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { Duration } from '../../base/durations.ts';

/** A result code on a line of its own (ITU-T V.250, 5.7; 3GPP TS 27.007, 9.1). */
const RESULT = /(?:^|[\r\n])(OK|ERROR|NO CARRIER|CONNECT[^\r\n]*|\+CM[ES] ERROR:[^\r\n]*)[\r\n]/;
/** Longest answer that is kept; the commands that are sent have answers of some lines. */
const MAX_ANSWER = 4096;

export interface AtAnswer {
  /** The result code: `OK`, `CONNECT 115200`, … */
  readonly result: string;
  /** The lines before it, without the echo of the command. */
  readonly lines: readonly string[];
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

/** Reads and drops what comes until nothing has come for `silence`. */
export async function discardUntilSilent(
  stream: ByteStream,
  silence: Duration,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const deadline = clock.monotonic() + 20 * silence;
  while (clock.monotonic() < deadline && (await readWithin(stream, silence, clock, signal)) !== undefined);
}

/** True when the octets hold a result code: whoever sent them listens for AT commands. */
export function hasAtResult(bytes: Uint8Array): boolean {
  return RESULT.test(latin1(bytes));
}

/** Sends one command and gives the answer, or `undefined` when none came within `limit`. */
export async function askAt(
  stream: ByteStream,
  command: string,
  options: { readonly limit: Duration; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<AtAnswer | undefined> {
  const { limit, clock, signal } = options;
  await stream.write(utf8(`${command}\r`), signal);
  const deadline = clock.monotonic() + limit;
  let text = '';
  for (;;) {
    const left = deadline - clock.monotonic();
    const more = left > 0 ? await readWithin(stream, left as Duration, clock, signal) : undefined;
    if (more === undefined) return undefined;
    text = (text + latin1(more)).slice(-MAX_ANSWER);
    const found = RESULT.exec(text);
    if (found === null) continue;
    const lines = text.slice(0, found.index).split(/[\r\n]+/);
    return {
      result: found[1] ?? '',
      lines: lines.map((line) => line.trim()).filter((line) => line !== '' && line !== command),
    };
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += String.fromCharCode(octet);
  return text;
}
