import { CommanderError } from 'commander';
import { type Call, defineProgram } from './definitions.ts';

/** Commands whose help lists faults and profiles, which are loaded only then. */
const WITH_FAULTS = ['demo', 'virtual-handset', 'virtual-dms'];

function asksForHelp(args: readonly string[]): boolean {
  return args[0] === 'help' || args.some((arg) => arg === '--help' || arg === '-h');
}

async function faultHelpFor(args: readonly string[]): Promise<readonly [string, string] | undefined> {
  const name = asksForHelp(args) ? args.find((arg) => WITH_FAULTS.includes(arg)) : undefined;
  if (name === undefined) return undefined;
  const { faultHelp } = await import('./peers/fault-names.ts');
  return [name, faultHelp(name)];
}

type Parsed = { readonly kind: 'call'; readonly call: Call } | { readonly kind: 'ended'; readonly error?: string };

async function parse(args: readonly string[]): Promise<Parsed> {
  let call: Call | undefined;
  const program = defineProgram(args, (found) => {
    call = found;
  });
  const help = await faultHelpFor(args);
  if (help !== undefined) program.commands.find((one) => one.name() === help[0])?.addHelpText('after', help[1]);
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'ended' };
    const message = error.code === 'commander.help' ? 'a command is needed; see --help' : error.message;
    // What may have been meant stands on a line of its own.
    return { kind: 'ended', error: message.replace(/^error: /, '').replace(/\s+/g, ' ') };
  }
  // --json and --unmask may also stand before the command.
  if (call !== undefined) call = { ...call, flags: { ...program.opts(), ...call.flags } };
  return call === undefined ? { kind: 'ended', error: 'a command is needed; see --help' } : { kind: 'call', call };
}

/** Who reads the first lines of a help text only (`--help | head`) has what was wanted. */
function endQuietlyWhenOutputCloses(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode = 1;
  });
}

/** The command line of PC Agent: runs one command and ends the process with its exit code. */
export async function main(args: readonly string[]): Promise<void> {
  endQuietlyWhenOutputCloses();
  const parsed = await parse(args);
  if (parsed.kind === 'ended' && parsed.error === undefined) return;
  const { runProcess } = await import('./run-process.ts');
  if (parsed.kind === 'call') return runProcess(parsed.call);
  const { PcAgentError } = await import('../base/errors.ts');
  const wrongUsage = { name: '', flags: { json: args.includes('--json') }, operands: [] };
  return runProcess(wrongUsage, () => Promise.reject(new PcAgentError('cli/usage', parsed.error ?? '')));
}
