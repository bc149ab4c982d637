import { chmodSync } from 'node:fs';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { PcAgentError } from '../base/errors.ts';
import { makeFolder } from '../base/node/make-folder.ts';

/** Where the program keeps what is its own. Nothing here is in a folder that cleaners empty. */
export interface Places {
  /** What a person wrote or may edit. */
  readonly settings: string;
  /** The database, the journal, the lock. */
  readonly state: string;
  /** The content store; `sha256/` lies in it. */
  readonly content: string;
  /** Sockets of the running host; may be gone after a restart of the machine. */
  readonly runtime: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * `PC_AGENT_HOME` holds everything when it is set (relative: to `INIT_CWD`, which npm sets, or the working directory);
 * else the platform's own places (XDG Base Directory Specification on Linux).
 */
export function places(env: Environment, platform: NodeJS.Platform): Places {
  const { join, resolve } = platform === 'win32' ? win32 : posix;
  const own = env.PC_AGENT_HOME;
  if (own !== undefined && own !== '') {
    const home = resolve(env.INIT_CWD ?? '', own);
    return under((name) => join(home, name));
  }
  switch (platform) {
    case 'win32':
      return windowsPlaces(env);
    case 'darwin':
      return under((name) => join(homeOf(env), 'Library', 'Application Support', 'PC Agent', name));
    default:
      return xdgPlaces(env);
  }
}

/**
 * Makes the folders, for nobody else to look into.
 * @throws PcAgentError `store/read-only` where they cannot be made.
 */
export function makePlaces(folders: Places): void {
  for (const folder of [folders.settings, folders.state, folders.content, folders.runtime]) {
    try {
      makeFolder(folder, 0o700);
      if (process.platform !== 'win32') chmodSync(folder, 0o700);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'unknown reason';
      throw new PcAgentError('store/read-only', `the folder ${folder} cannot be made: ${why}`, {
        cause,
        retry: 'after-operator',
        details: { file: folder },
      });
    }
  }
}

function under(place: (name: string) => string): Places {
  return { settings: place('settings'), state: place('state'), content: place('content'), runtime: place('run') };
}

function windowsPlaces(env: Environment): Places {
  const home = env.USERPROFILE ?? homedir();
  const roaming = env.APPDATA ?? win32.join(home, 'AppData', 'Roaming');
  const local = env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local');
  const { state, content, runtime } = under((name) => win32.join(local, 'PC Agent', name));
  return { settings: win32.join(roaming, 'PC Agent'), state, content, runtime };
}

function xdgPlaces(env: Environment): Places {
  const base = (name: string, ...otherwise: readonly string[]): string => {
    const value = env[name];
    // A relative path is invalid and to be ignored (XDG Base Directory Specification 0.8, "Basics").
    const folder = value?.startsWith('/') ? value : posix.join(homeOf(env), ...otherwise);
    return posix.join(folder, 'pc-agent');
  };
  const state = base('XDG_STATE_HOME', '.local', 'state');
  const runtime = env.XDG_RUNTIME_DIR?.startsWith('/') ? base('XDG_RUNTIME_DIR') : posix.join(state, 'run');
  return {
    settings: base('XDG_CONFIG_HOME', '.config'),
    state,
    content: posix.join(base('XDG_DATA_HOME', '.local', 'share'), 'content'),
    runtime,
  };
}

function homeOf(env: Environment): string {
  const home = env.HOME;
  return home?.startsWith('/') ? home : homedir();
}
