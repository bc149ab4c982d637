import { isPcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { ABSENT } from '../contract/operation-verdict.ts';
import { type HostConnection, type WithHostOptions, withHost } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';

/** Runs a command with the host; what is not there ends with exit code 3 and what somebody broke off with 4. */
export async function hostCommand(
  context: CommandContext,
  use: (host: HostConnection) => Promise<CommandOutcome>,
  options?: WithHostOptions,
): Promise<CommandOutcome> {
  try {
    return await withHost(context, use, options);
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    const { code, message } = error;
    const cancelled = code === 'host/cancelled';
    if (!cancelled && !ABSENT.includes(code)) throw error;
    context.emit({ type: 'error', code, message });
    return { exitCode: cancelled ? ExitCode.Cancelled : ExitCode.NotFound, ok: false, code, message };
  }
}

/** The same for what needs no network, so that a host which is there for it alone leaves it in peace. */
export function quietHostCommand(
  context: CommandContext,
  use: (host: HostConnection) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  return hostCommand(context, use, { absent: 'become-offline' });
}

/** A command that is done when it is answered. */
export function done(fields: Readonly<Record<string, unknown>>): CommandOutcome {
  return { exitCode: ExitCode.Done, ok: true, ...fields };
}

/** A command that was answered, and not with what was wanted: said as an error too, like what is thrown. */
export function failed(
  { emit }: Pick<CommandContext, 'emit'>,
  code: string,
  message: string,
  fields: Readonly<Record<string, unknown>>,
): CommandOutcome {
  emit({ type: 'error', code, message });
  return { exitCode: ExitCode.Failed, ok: false, code, message, ...fields };
}

/** A command that found everything as it was to become. */
export function nothingToDo(message: string, fields: Readonly<Record<string, unknown>>): CommandOutcome {
  return { exitCode: ExitCode.NothingToDo, ok: true, message, ...fields };
}
