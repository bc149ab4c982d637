import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { PtyPair } from '../../src-main/bearer/pty/pty-pair.ts';

/** A pseudo-terminal pair by socat: unlike `script`, it holds a writer back whose other end does not read. */
export async function openSocatPair(): Promise<PtyPair> {
  const child = spawn('socat', ['-d', '-d', 'pty,raw,echo=0', 'pty,raw,echo=0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const paths: string[] = [];
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines) {
    const path = /PTY is (\S+)/.exec(line)?.[1];
    if (path !== undefined) paths.push(path);
    if (paths.length === 2) break;
  }
  child.stderr.resume();
  const [near, far] = paths;
  if (near === undefined || far === undefined) throw new Error('socat made no pair');
  return {
    near,
    far,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
