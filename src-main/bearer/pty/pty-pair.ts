import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';

/** Two pseudo-terminals joined like the ends of a cable: what goes into one comes out of the other. */
export interface PtyPair {
  /** Paths of the two ends, e.g. `/dev/pts/3`. */
  readonly near: string;
  readonly far: string;
  /** Takes the cable away: both ends hang up. May be called again. */
  close(): Promise<void>;
}

const START_LIMIT: Duration = seconds(10);
/**
 * Raw, and held open: by `cat` until this process has gone (its descriptor 3 then ends), by `sleep` where `script`
 * does not pass descriptors on.
 */
const HOLD = 'stty raw -echo; tty; cat <&3 >/dev/null 2>&1 || exec sleep 86400';

/**
 * A pseudo-terminal pair from two `script` processes (util-linux) with a pump between them; Linux only.
 * @throws PcAgentError `bearer/unavailable`; AbortError
 */
export async function openPtyPair(signal: AbortSignal): Promise<PtyPair> {
  signal.throwIfAborted();
  const ends = [startEnd(), startEnd()] as const;
  const close = async (): Promise<void> => {
    await Promise.all(ends.map(stopEnd));
  };
  try {
    const [near, far] = await Promise.all([pathOf(ends[0], signal), pathOf(ends[1], signal)]);
    join(ends[0], ends[1]);
    join(ends[1], ends[0]);
    for (const end of ends) end.once('exit', () => void close());
    return { near, far, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function startEnd(): ChildProcess {
  const child = spawn('script', ['-qfc', HOLD, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
    // A shell of the user's own choice need not know the script above.
    env: { ...process.env, SHELL: '/bin/sh' },
  });
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  return child;
}

async function pathOf(child: ChildProcess, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_LIMIT)]);
  let said = '';
  try {
    for (;;) {
      const [first] = await Promise.race([
        once(child.stdout ?? child, 'data', { signal: limit }),
        once(child, 'close', { signal: limit }).then(() => ['']),
      ]);
      if (first === '') break;
      said += String(first);
      const path = /^(\/dev\/\S+)\r?\n/.exec(said)?.[1];
      if (path !== undefined) return path;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw noPty(said, error);
  }
  throw noPty(said);
}

function noPty(said: string, cause?: unknown): PcAgentError {
  return new PcAgentError('bearer/unavailable', "cannot make a pseudo-terminal with 'script' (util-linux)", {
    ...(cause === undefined ? {} : { cause }),
    details: { said: said.slice(0, 200) },
  });
}

/** What comes out of one end goes into the other; `pipe` holds the first back while the second is full. */
function join(from: ChildProcess, to: ChildProcess): void {
  if (from.stdout !== null && to.stdin !== null) from.stdout.pipe(to.stdin, { end: false });
}

async function stopEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  // What holds the terminal open ends with its descriptor 3, or with the terminal. `script` would take two seconds
  // over a SIGTERM, and it has nothing to tidy up.
  child.stdio[3]?.destroy();
  child.kill('SIGKILL');
  await gone;
  child.stdout?.destroy();
  child.stdin?.destroy();
}
