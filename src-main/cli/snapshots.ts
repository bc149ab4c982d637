import { writeFile } from 'node:fs/promises';
import { strictTextOf } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { type Comparison, SnapshotDocument, type SnapshotView } from '../contract/software-views.ts';
import type { HostConnection } from '../host/client.ts';
import { dateTimeText } from '../wording/numbers.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand, quietHostCommand } from './host-command.ts';
import {
  SnapshotCompareOptions,
  SnapshotExportOptions,
  SnapshotImportOptions,
  SnapshotRestoreOptions,
  SnapshotTakeOptions,
} from './host-options.ts';
import { changeOf, hostFor, targetOf } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';
import { checkOptions } from './options.ts';
import { fileStart } from './secret-file.ts';

type Flags = Readonly<Record<string, unknown>>;

/** A thousand components fit, and so does the file into one request to the host. */
const MAX_FILE = 768 * 1024;

/** `snapshots VERB`: sets of components under names. */
export async function run(
  verb: string,
  operands: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const [first = ''] = operands;
  switch (verb) {
    case 'take':
      return take(checkOptions(SnapshotTakeOptions, flags), context);
    case 'list':
      return quietHostCommand(context, (host) => list(host, context));
    case 'show':
      return quietHostCommand(context, (host) => show(host, first, context));
    case 'compare':
      return compare(checkOptions(SnapshotCompareOptions, { ...flags, snapshot: first }), context);
    case 'restore':
      return restore(checkOptions(SnapshotRestoreOptions, { ...flags, snapshot: first }), context);
    case 'remove':
      return quietHostCommand(context, async (host) =>
        done(await host.request('snapshots.remove', { snapshot: first }, context)),
      );
    case 'export':
      return exportOne(checkOptions(SnapshotExportOptions, { ...flags, snapshot: first }), context);
    case 'import':
      return importOne(checkOptions(SnapshotImportOptions, { ...flags, file: first }), context);
    default:
      throw new PcAgentError('cli/usage', `snapshots has no verb ${verb}`);
  }
}

function take(options: ReturnType<typeof SnapshotTakeOptions.parse>, context: CommandContext): Promise<CommandOutcome> {
  const params = { ...targetOf(options), name: options.name };
  return hostCommand(
    context,
    async (host) => {
      const { snapshot } = await host.request('snapshots.take', params, context);
      printWhole(snapshot, context);
      return done({ snapshot });
    },
    hostFor(options),
  );
}

async function list(host: HostConnection, context: CommandContext): Promise<CommandOutcome> {
  const { snapshots } = await host.request('snapshots.list', {}, context);
  for (const each of snapshots) context.print(line(each), each.virtual);
  return done({ snapshots });
}

async function show(host: HostConnection, text: string, context: CommandContext): Promise<CommandOutcome> {
  const { snapshots } = await host.request('snapshots.list', {}, context);
  const wanted = text.trim().toLowerCase();
  const snapshot = snapshots.find(({ id, name }) => id === text || name.toLowerCase() === wanted);
  if (snapshot === undefined) throw new PcAgentError('snapshot/unknown', `there is no snapshot ${text}`);
  printWhole(snapshot, context);
  return done({ snapshot });
}

function compare(
  options: ReturnType<typeof SnapshotCompareOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const params = { ...targetOf(options), snapshot: options.snapshot };
  return hostCommand(
    context,
    async (host) => {
      const comparison = await host.request('snapshots.compare', params, context);
      printComparison(comparison, context);
      const { missing, outdated } = comparison;
      if (missing.length === 0 && outdated.length === 0) return done({ comparison });
      const message = `${missing.length} missing, ${outdated.length} outdated`;
      return { exitCode: ExitCode.Failed, ok: false, code: 'snapshot/differs', message, comparison };
    },
    hostFor(options),
  );
}

function restore(
  options: ReturnType<typeof SnapshotRestoreOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const { snapshot, allowUnverified, removeExtra, partial } = options;
  const params = { ...changeOf(options), snapshot, allowUnverified, removeExtra, partial };
  return hostCommand(
    context,
    async (host) => {
      const result = await host.request('snapshots.restore', params, context);
      if (result.remaining !== undefined) printComparison(result.remaining, context);
      return operationOutcome(result, context, options);
    },
    hostFor(options),
  );
}

function exportOne(
  { snapshot, to }: ReturnType<typeof SnapshotExportOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const file = context.resolvePath(to);
  return quietHostCommand(context, async (host) => {
    const { document } = await host.request('snapshots.export', { snapshot }, context);
    await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`, { flag: 'wx' }).catch((error: unknown) => {
      throw new PcAgentError('cli/usage', '--to names a file that is there already or cannot be made', {
        cause: error,
      });
    });
    return done({ file, document });
  });
}

async function importOne(
  { file, name }: ReturnType<typeof SnapshotImportOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const read = await readDocument(context.resolvePath(file));
  const document = name === undefined ? read : { ...read, name };
  return quietHostCommand(context, async (host) => {
    const { snapshot } = await host.request('snapshots.import', { document }, context);
    printWhole(snapshot, context);
    return done({ snapshot });
  });
}

/** @throws PcAgentError `snapshot/file-invalid` */
async function readDocument(path: string): Promise<SnapshotDocument> {
  const octets = await fileStart(path, MAX_FILE + 1);
  const text = octets === undefined || octets.length > MAX_FILE ? undefined : strictTextOf(octets);
  const checked = SnapshotDocument.safeParse(text === undefined ? undefined : parsed(text));
  if (checked.success) return checked.data;
  const field = checked.error.issues[0]?.path.join('.') ?? '';
  const why = octets === undefined ? 'it cannot be read' : field === '' ? 'it is no such file' : `${field} is wrong`;
  throw new PcAgentError('snapshot/file-invalid', `${path} holds no snapshot: ${why}`, { details: { field } });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function line({ name, model, device, takenAt, components }: SnapshotView): string {
  const from = device === '' ? 'from a file' : device;
  return `${name}  ${components.length} components  ${model ?? 'any model'}  ${from}  ${dateTimeText(takenAt, 'en')}`;
}

function printWhole(snapshot: SnapshotView, context: CommandContext): void {
  context.print(line(snapshot), snapshot.virtual);
  for (const { id, version, state, package: source, code } of snapshot.components) {
    context.print(`${id}  ${version}  ${state}  ${code ?? `from ${source ?? ''}`}`);
  }
}

function printComparison({ missing, outdated, extra }: Comparison, context: CommandContext): void {
  for (const { id, version } of missing) context.print(`missing  ${id}  ${version}`);
  for (const { id, field, has, wanted } of outdated) context.print(`outdated  ${id}  ${field} ${has}, not ${wanted}`);
  for (const { id, version } of extra) context.print(`extra  ${id}  ${version}`);
}
