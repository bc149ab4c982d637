import { PcAgentError } from '../base/errors.ts';
import { isHandsetName } from '../base/handset-name.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { accountsFrom } from './accounts.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import type { Call } from './definitions.ts';
import {
  BootstrapOptions,
  ChangeComponentOptions,
  DoctorOptions,
  FirmwareOptions,
  HandsetsOptions,
  InstallOptions,
  InventoryOptions,
  ServeOptions,
  SyncOptions,
  UpdateOptions,
} from './host-options.ts';
import {
  checkOptions,
  DemoOptions,
  type Fault,
  RelayOptions,
  StartOptions,
  VirtualDmsOptions,
  VirtualHandsetOptions,
} from './options.ts';

type Flags = Readonly<Record<string, unknown>>;
/** Runs one command to its end. */
export type Runner = (call: Call, context: CommandContext) => Promise<CommandOutcome>;

function withPaths(flags: Flags, names: readonly string[], context: CommandContext): Flags {
  const paths = names.filter((name) => typeof flags[name] === 'string');
  return { ...flags, ...Object.fromEntries(paths.map((name) => [name, context.resolvePath(String(flags[name]))])) };
}

/** @throws PcAgentError `cli/usage` */
async function makeFolders<K extends string>(options: { readonly [key in K]?: string }, names: readonly K[]) {
  for (const name of names) {
    const path = options[name];
    if (path === undefined) continue;
    const { makeOwnFolder } = await import('./own-folders.ts');
    makeOwnFolder(path, `--${name}`);
  }
}

async function checkNames(command: string, faults: readonly Fault[], profile?: string): Promise<void> {
  if (faults.length === 0 && profile === undefined) return;
  const { unknownName } = await import('./peers/fault-names.ts');
  const wrong = unknownName(command, faults, profile);
  if (wrong !== undefined) throw new PcAgentError('cli/usage', wrong);
}

async function runDemo({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const acts = String(flags.acts ?? 'relay,cache,offline')
    .split(',')
    .map((act) => act.trim());
  const options = checkOptions(DemoOptions, { ...flags, acts });
  await checkNames('demo', options.fault === undefined ? [] : [options.fault], options.profile);
  const { bearer } = options;
  if (bearer !== 'tcp' && bearer !== 'serial') throw notBuilt(`demo with ${bearer}`);
  const { run } = await import('./demo.ts');
  return run({ ...options, bearer }, context);
}

async function runVirtualHandset({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const accounts = accountsFrom(flags, 'handset', context.resolvePath);
  const whole = { ...withPaths(flags, ['inbox', 'state', 'packageKey'], context), accounts };
  const options = checkOptions(VirtualHandsetOptions, whole);
  // A file of a person's own has no name that anybody could know.
  const isFile = options.profile?.toLowerCase().endsWith('.json') === true;
  await checkNames('virtual-handset', options.fault, isFile ? undefined : options.profile);
  await makeFolders(options, ['inbox', 'state']);
  const { run } = await import('./peers/virtual-handset.ts');
  return run(options, context);
}

async function runVirtualDms({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const accounts = accountsFrom(flags, 'dms', context.resolvePath);
  const options = checkOptions(VirtualDmsOptions, { ...withPaths(flags, ['packages', 'state'], context), accounts });
  await checkNames('virtual-dms', options.fault, options.profile);
  await makeFolders(options, ['state']);
  const { run } = await import('./peers/virtual-dms.ts');
  return run(options, context);
}

/** Only for a name the host is asked, and what that needs is loaded. */
async function addressFor(handset: string | undefined, context: CommandContext) {
  if (handset === undefined || !isHandsetName(handset)) return handset;
  const { knownAddress } = await import('./known-address.ts');
  return knownAddress(handset, context);
}

async function runRelay({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(RelayOptions, withPaths(flags, ['serverPasswordFile'], context));
  const handset = await addressFor(options.handset, context);
  if (typeof handset === 'object') return handset;
  const { run } = await import('./peers/relay.ts');
  return run({ ...options, ...(handset === undefined ? {} : { handset }) }, context);
}

async function runStart({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(StartOptions, flags);
  const { run } = await import('./start.ts');
  return run(options, context);
}

async function runSyncmlCommand({ operands }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb, file = '-'] = operands;
  const { runSyncml } = await import('./peers/syncml.ts');
  return runSyncml(verb === 'encode' ? 'encode' : 'decode', file, context);
}

const OPERANDS = ['verb', 'device', 'other'];

async function runHandsets({ flags, operands }: Call, context: CommandContext): Promise<CommandOutcome> {
  const pair = Object.fromEntries(OPERANDS.slice(0, operands.length).map((name, at) => [name, operands[at]]));
  const options = checkOptions(HandsetsOptions, { ...flags, ...pair }, OPERANDS);
  const { run } = await import('./handsets.ts');
  return run(options, context);
}

async function runInventory({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(InventoryOptions, flags);
  const { run } = await import('./inventory.ts');
  return run(options, context);
}

async function runInstall({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(InstallOptions, flags);
  const { run } = await import('./install.ts');
  return run(options, context);
}

/** `remove`, `activate` and `deactivate`. */
async function runChange(
  operation: 'remove' | 'activate' | 'deactivate',
  flags: Flags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const options = checkOptions(ChangeComponentOptions, flags);
  const { run } = await import('./change.ts');
  return run(operation, options, context);
}

async function runUpdateCommand({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(UpdateOptions, flags);
  const { runUpdate } = await import('./update.ts');
  return runUpdate(options, context);
}

async function runFirmwareCommand({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(FirmwareOptions, flags);
  const { runFirmware } = await import('./update.ts');
  return runFirmware(options, context);
}

async function runBootstrap({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(BootstrapOptions, withPaths(flags, ['serverPasswordFile', 'passwordFile'], context));
  const { run } = await import('./bootstrap.ts');
  return run(options, context);
}

async function runPackages({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./packages.ts');
  return run(verb, rest, flags, context);
}

async function runDms({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./dms.ts');
  return run(verb, rest, flags, context);
}

async function runReports({ operands }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./reports.ts');
  return run(verb, rest, context);
}

async function runVirtual({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = ''] = operands;
  const { run } = await import('./virtual.ts');
  return run(verb, flags, context);
}

async function runListen({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./listen.ts');
  return run(verb, rest, flags, context);
}

async function runCallers({ operands }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', id] = operands;
  const { run } = await import('./callers.ts');
  return run(verb, id, context);
}

async function runBluetooth({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./bluetooth.ts');
  return run(verb, rest, flags, context);
}

async function runSync({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(SyncOptions, flags);
  const { run } = await import('./sync.ts');
  return run(options, context);
}

async function runArchive({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./archive.ts');
  return run(verb, rest, flags, context);
}

async function runSnapshots({ operands, flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const [verb = '', ...rest] = operands;
  const { run } = await import('./snapshots.ts');
  return run(verb, rest, flags, context);
}

async function runServe({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(ServeOptions, flags);
  const { run } = await import('./serve.ts');
  return run(options, context);
}

async function runDoctor({ flags }: Call, context: CommandContext): Promise<CommandOutcome> {
  const options = checkOptions(DoctorOptions, flags);
  const { run } = await import('./doctor.ts');
  return run(options, context);
}

async function runOpen(_call: Call, context: CommandContext): Promise<CommandOutcome> {
  const { run } = await import('./open.ts');
  return run(context);
}

function notBuilt(what: string): PcAgentError {
  return new PcAgentError('cli/not-built', `${what} is not part of this version`);
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  demo: runDemo,
  'virtual-handset': runVirtualHandset,
  'virtual-dms': runVirtualDms,
  relay: runRelay,
  start: runStart,
  syncml: runSyncmlCommand,
  handsets: runHandsets,
  inventory: runInventory,
  install: runInstall,
  update: runUpdateCommand,
  remove: ({ flags }, context) => runChange('remove', flags, context),
  activate: ({ flags }, context) => runChange('activate', flags, context),
  deactivate: ({ flags }, context) => runChange('deactivate', flags, context),
  firmware: runFirmwareCommand,
  bootstrap: runBootstrap,
  packages: runPackages,
  dms: runDms,
  reports: runReports,
  virtual: runVirtual,
  listen: runListen,
  callers: runCallers,
  bluetooth: runBluetooth,
  sync: runSync,
  archive: runArchive,
  snapshots: runSnapshots,
  serve: runServe,
  open: runOpen,
  doctor: runDoctor,
};

/** Codes that mean that the command line was wrong, wherever it was noticed. */
const USAGE_CODES = [
  'cli/usage',
  'cli/not-built',
  'cli/listen-invalid',
  'bearer/address-invalid',
  'listening/place-invalid',
];

export function exitCodeOf(code: string): ExitCode {
  return USAGE_CODES.includes(code) ? ExitCode.Usage : ExitCode.Failed;
}

/** Runs one command to its end. @throws PcAgentError, AbortError, or whatever the command did not foresee. */
export async function runCommand(call: Call, context: CommandContext): Promise<CommandOutcome> {
  const runner = RUNNERS[call.name];
  if (runner === undefined) throw notBuilt(call.name);
  return runner(call, context);
}
