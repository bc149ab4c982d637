import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const LAUNCHER = fileURLToPath(new URL('../../launch/pc-agent.mjs', import.meta.url));
/** Read by `src-main/cli/ancestors.ts`: the peer ends when this process has gone, however that came about. */
const endsWithUs = (): string => JSON.stringify({ launcher: process.pid, ancestors: [] });

export interface PeerStart {
  /** Its data folder. */
  readonly home: string;
  /** Its standard input is open. */
  readonly takesLines: boolean;
}

/** A virtual peer as it was started. */
export interface StartedPeer {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  /** Resolves when it has gone and everything that it said was read; with an error when it could not be started. */
  readonly closed: Promise<Error | undefined>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts a command of the command line as a peer: a process of its own, but in the window's host a thread of its own. */
export function startPeer(args: readonly string[], start: PeerStart): StartedPeer {
  return process.versions.electron === undefined ? startProcess(args, start) : startThread(args, start);
}

function startProcess(args: readonly string[], { home, takesLines }: PeerStart): StartedPeer {
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    stdio: [takesLines ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, PC_AGENT_HOME: home, PC_AGENT_ANCESTORS: endsWithUs() },
  });
  return {
    ...{ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr },
    closed: new Promise((resolve) => {
      child.once('close', () => resolve(undefined));
      child.once('error', resolve);
    }),
    kill: (signal) => void child.kill(signal),
  };
}

/**
 * The running program is Electron, which as a packed program starts nothing but its own window, and no Node may be
 * installed. The thread is the same command line, bundled beside this file; it ends with this process.
 */
export function startThread(
  args: readonly string[],
  { home, takesLines }: PeerStart,
  entry: URL = new URL('peer.js', import.meta.url),
): StartedPeer {
  const thread = new Worker(entry, {
    argv: [...args],
    env: { ...process.env, PC_AGENT_HOME: home, PC_AGENT_ANCESTORS: undefined },
    stdin: takesLines,
    stdout: true,
    stderr: true,
  });
  return {
    ...{ stdin: thread.stdin, stdout: thread.stdout, stderr: thread.stderr },
    closed: new Promise((resolve) => {
      thread.once('exit', () => resolve(undefined));
      thread.once('error', resolve);
    }),
    kill(signal) {
      // A thread has no signals of its own: it is told as it would hear of one.
      if (signal === 'SIGTERM') thread.postMessage(signal);
      else void thread.terminate();
    },
  };
}
