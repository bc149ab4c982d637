import { spawn } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { plainEnvironment } from '../../base/plain-environment.ts';
import { type Invitation, invitationVariables } from './meeting-place.ts';

/** A child as it was started. */
export interface BearerChild {
  /** Resolves with how it ended, for people; also when it could not be started. */
  readonly gone: Promise<string>;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

/** Starts a process that runs `main` of `child-main.ts` with this invitation in its environment. */
export type StartBearerChild = (invitation: Invitation) => BearerChild;

/** A child that is a plain Node; `entry` exports a `main` without parameters. */
export function nodeBearerChild(entry: URL): StartBearerChild {
  return (invitation) => {
    const program = `${compileCache()}const { main } = await import(${JSON.stringify(entry.href)}); await main();`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...plainEnvironment(process.env), ...invitationVariables(invitation) },
      windowsHide: true,
    });
    return {
      gone: new Promise((resolve) => {
        child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
        child.once('error', (error) => resolve(error.message));
      }),
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

/** The child compiles what this process would have to compile as well: half of its start. */
function compileCache(): string {
  // The folder of this very version of Node, below the one that was asked for.
  const folder = getCompileCacheDir();
  if (folder === undefined) return '';
  return `(await import('node:module')).enableCompileCache(${JSON.stringify(dirname(folder))});`;
}
