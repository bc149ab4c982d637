import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { BootstrapResult } from '../contract/results.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { DEFAULTS } from './defaults.ts';
import { hostCommand } from './host-command.ts';
import type { BootstrapOptions } from './host-options.ts';
import { secretInFile } from './secret-file.ts';

/** As of the flags. */
const MAX_PASSWORD = 1000;

/** `bootstrap`: puts an account on a handset. */
export async function run(given: BootstrapOptions, context: CommandContext): Promise<CommandOutcome> {
  const options = await withSecrets(given);
  if (options.sec === 'userpin') {
    context.note(`The person at the handset is asked for a PIN before it takes the account: ${options.pin}`);
  }
  return hostCommand(
    context,
    async (host) => outcomeOf(await host.request('bootstrap', paramsOf(options), context), options, context),
    { absent: 'become-offline' },
  );
}

async function withSecrets(options: BootstrapOptions): Promise<BootstrapOptions> {
  const { serverPasswordFile, passwordFile } = options;
  return {
    ...options,
    ...(serverPasswordFile === undefined
      ? {}
      : { serverPassword: await passwordIn(serverPasswordFile, '--server-password-file') }),
    ...(passwordFile === undefined ? {} : { password: await passwordIn(passwordFile, '--password-file') }),
  };
}

async function passwordIn(path: string, flag: string): Promise<string> {
  const password = await secretInFile(path, flag);
  if (password !== '' && password.length <= MAX_PASSWORD) return password;
  throw new PcAgentError('cli/usage', `${flag} must hold 1 to ${MAX_PASSWORD} characters`);
}

function paramsOf({ handset, device, profile, sec, pin, imsi, address, check, wait, ...rest }: BootstrapOptions) {
  const { serverId, serverPassword, user, password, nonce, auth } = rest;
  const account =
    serverId === undefined
      ? {}
      : {
          account: {
            serverId,
            serverPassword: serverPassword ?? DEFAULTS.serverPassword,
            user: user ?? DEFAULTS.user,
            password: password ?? DEFAULTS.password,
            nonce: nonce ?? DEFAULTS.nonce,
            auth,
          },
        };
  return {
    handset,
    ...(device === undefined ? {} : { device }),
    ...{ profile, security: sec, pin, imsi, check, wait, auth },
    ...account,
    ...(address === undefined ? {} : { address }),
  };
}

function outcomeOf(result: BootstrapResult, options: BootstrapOptions, { print }: CommandContext): CommandOutcome {
  const { account, dms, virtual, code, message, ...rest } = result;
  print(sentence(result, options), virtual);
  const ok = code === undefined;
  return {
    exitCode: ok ? ExitCode.Done : ExitCode.Failed,
    ok,
    ...(code === undefined ? {} : { code, message: message ?? code }),
    ...{ account, dms, virtual },
    ...rest,
  };
}

function sentence({ account, dms, code }: BootstrapResult, { sec }: BootstrapOptions): string {
  if (account === 'taken') return `The handset has taken the account of ${dms}.`;
  if (code === undefined) return `The handset has the account of ${dms}; whether it takes it was not asked.`;
  const why = sec === 'userpin' ? 'Was the PIN typed?' : 'Is it the IMSI of its SIM?';
  return `The handset has received the account of ${dms} and does not answer to it. ${why}`;
}
