import type { z } from 'zod';
import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { PackageView } from '../contract/results.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand, quietHostCommand } from './host-command.ts';
import { PackagesAddOptions, PackagesFetchOptions, PackagesOfferOptions } from './host-options.ts';
import { checkOptions } from './options.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `packages VERB`: what the cache holds. */
export async function run(
  verb: string,
  operands: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const [first] = operands;
  switch (verb) {
    case 'add':
      return add(checkOptions(PackagesAddOptions, { ...flags, files: operands }), context);
    case 'fetch':
      return fetch(checkOptions(PackagesFetchOptions, { ...flags, url: first }), context);
    case 'offer':
      return offer(checkOptions(PackagesOfferOptions, { ...flags, id: first }), context);
    case 'list':
      return quietHostCommand(context, (host) => list(host, context));
    case 'show':
      return quietHostCommand(context, (host) => show(host, first ?? '', context));
    case 'verify':
      return quietHostCommand(context, (host) => verify(host, first, context));
    case 'remove':
      return quietHostCommand(context, async (host) =>
        done(await host.request('packages.remove', { id: first ?? '' }, context)),
      );
    default:
      throw new PcAgentError('cli/usage', `packages has no verb ${verb}`);
  }
}

function add({ files, ...meta }: PackagesAddOptions, context: CommandContext): Promise<CommandOutcome> {
  const whole = files.map((file) => ({ ...meta, file: context.resolvePath(file) }));
  return quietHostCommand(context, async (host) => {
    const { packages } = await host.request('packages.add', { files: whole }, context);
    for (const each of packages) context.print(line(each));
    return done({ packages });
  });
}

function fetch(options: PackagesFetchOptions, context: CommandContext): Promise<CommandOutcome> {
  return hostCommand(context, async (host) => {
    const fetched = (await host.request('packages.fetch', options, context)).package;
    context.print(line(fetched));
    if (fetched.trust === 'unverified') {
      context.note('Nobody vouches for it, so it is installed only with --allow-unverified.');
    }
    return done({ package: fetched });
  });
}

function offer(options: z.infer<typeof PackagesOfferOptions>, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const offered = await host.request('packages.offer', options, context);
    const { code, text, success } = offered.notification;
    context.print(`${code} ${text}`.trim());
    if (success) return done(offered);
    const message = `the handset says: ${code} ${text}`.trim();
    return { exitCode: ExitCode.Failed, ok: false, code: 'dlota/not-installed', message, ...offered };
  });
}

async function list(host: HostConnection, context: CommandContext): Promise<CommandOutcome> {
  const { packages } = await host.request('packages.list', {}, context);
  for (const each of packages) context.print(line(each));
  return done({ packages });
}

async function show(host: HostConnection, id: string, context: CommandContext): Promise<CommandOutcome> {
  const found = (await host.request('packages.show', { id }, context)).package;
  for (const [name, value] of Object.entries(found)) {
    context.print(`${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`);
  }
  return done({ package: found });
}

async function verify(host: HostConnection, id: string | undefined, context: CommandContext): Promise<CommandOutcome> {
  const { checks } = await host.request('packages.verify', id === undefined ? {} : { id }, context);
  for (const { id: name, ok, message } of checks) context.print(`${name}  ${ok ? 'ok' : (message ?? 'damaged')}`);
  const bad = checks.find(({ ok }) => !ok);
  if (bad === undefined) return done({ checks });
  const { code = 'cache/damaged', message = 'a package is damaged' } = bad;
  return { exitCode: ExitCode.Failed, ok: false, code, message: `${bad.id}: ${message}`, checks };
}

function line({ id, version, size, trust, quarantined, sha256 }: PackageView): string {
  const state = quarantined === undefined ? trust : `out of use: ${quarantined}`;
  return `${id}  ${version}  ${size} bytes  ${state}  ${sha256.slice(0, 12)}`;
}
