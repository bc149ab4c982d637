import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isAbort, PcAgentError } from '../base/errors.ts';
import { findElectron } from '../launch/electron.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/electron/main.js', import.meta.url));
/** How long the window may take to let its host finish, in milliseconds. */
const END_LIMIT = 12_000;

export interface ShellProgram {
  /** Electron's program. */
  readonly electron: string;
}

/**
 * The program's own window, where it can be opened: Electron's program is here and the window's processes are built.
 * Nothing is downloaded; `npm run setup:electron` does that when it is asked to.
 */
export function findShell(env: Readonly<Record<string, string | undefined>> = process.env): ShellProgram | undefined {
  const electron = findElectron(env);
  return electron === undefined || !existsSync(MAIN) ? undefined : { electron };
}

/**
 * Opens the window and stays until it was closed; closes it when `signal` is aborted.
 * @param home data folder of the host that it joins; default: this user's
 * @throws PcAgentError `shell/electron-ended`
 */
export async function runShell({ electron }: ShellProgram, signal: AbortSignal, home?: string): Promise<void> {
  // Set, it would make Electron a plain Node.
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  // Standard output is for the one line that says what is ready.
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const child = spawn(electron, [ROOT], {
    stdio: [...stdio],
    env: home === undefined ? env : { ...env, PC_AGENT_HOME: home },
  });
  const end = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), END_LIMIT).unref();
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code === 0 || signal.aborted) return;
    throw ended(`Electron ended with ${code ?? killedBy}`);
  } catch (error) {
    throw isAbort(error) || error instanceof PcAgentError ? error : ended('Electron could not be started', error);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function ended(message: string, cause?: unknown): PcAgentError {
  return new PcAgentError('shell/electron-ended', message, { retry: 'after-operator', cause });
}
