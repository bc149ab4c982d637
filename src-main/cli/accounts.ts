import { readFileSync } from 'node:fs';
import { PcAgentError } from '../base/errors.ts';
import { DEFAULTS } from './defaults.ts';

/** An accounts file is typed by hand; this is far more than a hundred accounts need. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The flags that describe accounts, as commander hands them over. */
export interface AccountFlags {
  readonly auth?: unknown;
  readonly user?: unknown;
  readonly password?: unknown;
  readonly serverId?: unknown;
  readonly serverPassword?: unknown;
  readonly nonce?: unknown;
  readonly accounts?: unknown;
}

function readAccounts(path: string): unknown {
  try {
    const text = readFileSync(path);
    if (text.length > MAX_FILE_BYTES) throw new RangeError('it is larger than 1 MiB');
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    // A JSON error quotes the text around the fault, which may be a password.
    const why = cause instanceof SyntaxError ? 'it is not JSON' : (cause as Error).message;
    throw new PcAgentError('cli/usage', `--accounts cannot be read: ${why}`, { cause });
  }
}

/** The handset's second account, for the DM server that is built into PC Agent. */
function agentAccount(flags: AccountFlags): object {
  return {
    ...firstAccount(flags),
    serverId: DEFAULTS.agentServerId,
    serverPassword: DEFAULTS.agentPassword,
    serverNonce: DEFAULTS.nonce,
    clientNonce: DEFAULTS.nonce,
  };
}

function firstAccount(flags: AccountFlags): object {
  const nonce = flags.nonce ?? DEFAULTS.nonce;
  return {
    serverId: flags.serverId ?? DEFAULTS.serverId,
    serverPassword: flags.serverPassword ?? DEFAULTS.serverPassword,
    user: flags.user ?? DEFAULTS.user,
    password: flags.password ?? DEFAULTS.password,
    auth: flags.auth ?? DEFAULTS.auth,
    serverNonce: nonce,
    clientNonce: nonce,
  };
}

/**
 * Accounts of a virtual side, not yet checked: the list of the file, or the one that the flags describe (followed by
 * the agent's, on a handset).
 * @throws PcAgentError `cli/usage`
 */
export function accountsFrom(
  flags: AccountFlags,
  side: 'handset' | 'dms',
  resolvePath: (path: string) => string,
): unknown {
  if (flags.accounts !== undefined) return readAccounts(resolvePath(String(flags.accounts)));
  return side === 'handset' ? [firstAccount(flags), agentAccount(flags)] : [firstAccount(flags)];
}
