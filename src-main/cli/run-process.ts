import { resolve } from 'node:path';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { DEFAULTS } from './defaults.ts';
import type { Call } from './definitions.ts';
import { EventWriter } from './event-writer.ts';
import { Interruption, Lifetime } from './lifetime.ts';
import { exitCodeOf, type Runner, runCommand } from './run-command.ts';

/** Commands that meet virtual handsets only. */
const VIRTUAL = ['demo', 'virtual-handset', 'virtual-dms', 'start'];
/** How long the last lines may take to be read, in milliseconds. */
const FLUSH_LIMIT = 2_000;

function secretsOf(flags: Call['flags']): readonly string[] {
  const given = [flags.password, flags.serverPassword].filter((secret) => typeof secret === 'string');
  return [...given, DEFAULTS.password, DEFAULTS.serverPassword, DEFAULTS.agentPassword];
}

function writerFor({ name, flags }: Call): EventWriter {
  return new EventWriter({
    json: flags.json === true,
    unmask: flags.unmask === true,
    virtual: VIRTUAL.includes(name),
    document: name === 'syncml',
    ...(name === 'start' ? { listening: (address: string) => `PC Agent is ready: ${address}` } : {}),
    secrets: secretsOf(flags),
    output: process.stdout,
    errorOutput: process.stderr,
  });
}

/** Writes what went wrong as an event and gives the result that tells the same. */
function outcomeOf(error: unknown, writer: EventWriter): CommandOutcome {
  if (isAbort(error)) {
    const message = error instanceof Error ? error.message : 'cancelled';
    return { exitCode: ExitCode.Cancelled, ok: false, code: 'cli/cancelled', message };
  }
  const known = isPcAgentError(error) ? error : unexpected(error);
  const { code, message, offset } = known;
  writer.emit({ type: 'error', code, message, ...(offset === undefined ? {} : { offset }) });
  return { exitCode: exitCodeOf(code), ok: false, code, message };
}

function unexpected(error: unknown): PcAgentError {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new PcAgentError('cli/unexpected', message, { cause: error });
}

async function exitWith(code: number, writer: EventWriter): Promise<void> {
  // A reader that stopped reading must not keep the process.
  const limit = setTimeout(() => process.exit(code), FLUSH_LIMIT);
  await writer.flush();
  clearTimeout(limit);
  process.exit(code);
}

/** A closed standard output: the command is told to end; nothing more can be said. */
function endWhenOutputCloses(lifetime: Lifetime): void {
  process.stdout.on('error', () => lifetime.interrupt(new Interruption('output-closed', 'standard output was closed')));
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
}

/** Runs a command in this process, writes its result last and exits. */
export async function runProcess(call: Call, run: Runner = runCommand): Promise<void> {
  const writer = writerFor(call);
  const end = (outcome: CommandOutcome): Promise<void> => {
    writer.result(outcome);
    return exitWith(outcome.exitCode, writer);
  };
  const lifetime = new Lifetime({
    onOverdue: (message) =>
      void end({
        exitCode: ExitCode.Cancelled,
        ok: false,
        code: 'cli/ended-early',
        message: `${call.name} ${message}`,
      }),
  });
  endWhenOutputCloses(lifetime);
  process.on('uncaughtException', (error) => void end(outcomeOf(error, writer)));
  lifetime.open();
  const context: CommandContext = {
    emit: writer.emit,
    note: writer.note,
    print: writer.print,
    signal: lifetime.signal,
    json: call.flags.json === true,
    unmask: call.flags.unmask === true,
    resolvePath: (path) => resolve(process.env.INIT_CWD || process.cwd(), path),
  };
  try {
    await end(await run(call, context));
  } catch (error) {
    await end(outcomeOf(error, writer));
  }
}
