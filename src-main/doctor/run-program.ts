import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { RunOptions, RunOutcome } from './system.ts';

/** What a program may write before the rest is dropped, in characters. */
const OUTPUT_LIMIT = 16 * 1024;
/** After SIGTERM. */
const KILL_AFTER = 2_000;
/** For the rest of what it wrote. */
const OUTPUT_WAIT = 500;
/** Nothing of the caller's own gets into a program that may run as another user. */
const ENVIRONMENT = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS', 'HOME'];

/** Runs a program with a time limit, its words in English. @throws AbortError */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<RunOutcome> {
  options.signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment(), shell: false });
    const [out, err] = [gather(child.stdout), gather(child.stderr)];
    let overdue = false;
    const onAbort = () => end(child, () => settle({ kind: 'overdue' }));
    const limit = setTimeout(() => {
      overdue = true;
      onAbort();
    }, options.limit);
    options.signal.addEventListener('abort', onAbort, { once: true });
    const settle = (outcome: RunOutcome) => {
      clearTimeout(limit);
      options.signal.removeEventListener('abort', onAbort);
      if (options.signal.aborted) reject(options.signal.reason);
      else resolve(overdue ? { kind: 'overdue' } : outcome);
    };
    const ended = (code: number | null) => settle({ kind: 'ended', code: code ?? -1, out: out(), err: err() });
    // Each signal that it may not be sent, since it runs as another user by now, is an error once more.
    child.on('error', () => settle({ kind: 'absent' }));
    child.once('close', ended);
    // Something that it left behind may hold its output open for ever.
    child.once('exit', (code) => setTimeout(ended, OUTPUT_WAIT, code).unref());
    // It may end without having read.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
  });
}

function environment(): NodeJS.ProcessEnv {
  const kept = ENVIRONMENT.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(kept) as NodeJS.ProcessEnv),
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C',
  };
}

function gather(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    if (text.length < OUTPUT_LIMIT) text += piece.slice(0, OUTPUT_LIMIT - text.length);
  });
  stream.on('error', () => undefined);
  return () => text.trim();
}

/** One that runs as another user may not let itself be ended: then it is not waited for. */
function end(child: ChildProcess, onGivenUp: () => void): void {
  child.kill('SIGTERM');
  setTimeout(() => {
    child.kill('SIGKILL');
    onGivenUp();
  }, KILL_AFTER).unref();
}
