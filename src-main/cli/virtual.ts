import { PcAgentError } from '../base/errors.ts';
import type { KnownHandset } from '../contract/handsets.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand } from './host-command.ts';
import { VirtualFaultsOptions, VirtualStartOptions, VirtualStopOptions } from './host-options.ts';
import { checkOptions } from './options.ts';

type Flags = Readonly<Record<string, unknown>>;
type Use = (host: HostConnection) => Promise<CommandOutcome>;

/** `virtual VERB`: the virtual handsets that the running host has, each a process of its own. */
export async function run(verb: string, flags: Flags, context: CommandContext): Promise<CommandOutcome> {
  switch (verb) {
    case 'start': {
      const choice = checkOptions(VirtualStartOptions, flags);
      return withRunning(context, async (host) => {
        const started = await host.request('virtual.start', choice, context);
        context.print(`${started.device}  ${started.address}`, true);
        return done({ ...started, virtual: true });
      });
    }
    case 'list':
      return withRunning(context, async (host) => {
        const handsets = await running(host, context);
        for (const handset of handsets) context.print(lineOf(handset), true);
        return done({ handsets, virtual: true });
      });
    case 'faults': {
      const options = checkOptions(VirtualFaultsOptions, flags);
      return withRunning(context, (host) => faults(host, options, context));
    }
    case 'stop': {
      const { device } = checkOptions(VirtualStopOptions, flags);
      return withRunning(context, async (host) =>
        done({ ...(await host.request('virtual.stop', { device }, context)), virtual: true }),
      );
    }
    case 'catalogue':
      return withRunning(context, async (host) => {
        const catalogue = await host.request('virtual.catalogue', {}, context);
        for (const [title, entries] of Object.entries(catalogue)) {
          context.print(`${title}:`);
          for (const { name, help, value } of entries) {
            context.print(`  ${name}  ${help}${value === undefined ? '' : ` [=${value}]`}`);
          }
        }
        return done(catalogue);
      });
    default:
      throw new PcAgentError('cli/usage', `virtual has no verb ${verb}`);
  }
}

/** A host of this command's own would take its virtual handsets with it when it ends. */
function withRunning(context: CommandContext, use: Use): Promise<CommandOutcome> {
  return hostCommand(context, use, { absent: 'refuse' });
}

async function faults(
  host: HostConnection,
  { device, fault, none }: VirtualFaultsOptions,
  context: CommandContext,
): Promise<CommandOutcome> {
  const wanted = none ? [] : fault;
  if (wanted !== undefined) {
    const set = await host.request('virtual.faults', { device, faults: wanted }, context);
    context.print(set.faults.length === 0 ? 'none' : set.faults.join('\n'));
    return done({ ...set, virtual: true });
  }
  const found = (await running(host, context)).find((handset) => isMeant(handset, device));
  if (found === undefined)
    throw new PcAgentError('virtual/not-running', `${device} is no virtual handset that runs here`);
  const { faults: now = [] } = found;
  context.print(now.length === 0 ? 'none' : now.join('\n'));
  return done({ device: found.device, faults: now, virtual: true });
}

/** Those that the host runs say what they do wrong, be it nothing. */
async function running(host: HostConnection, context: CommandContext): Promise<readonly KnownHandset[]> {
  const { handsets } = await host.request('handsets.list', {}, context);
  return handsets.filter(({ virtual, faults: now }) => virtual && now !== undefined);
}

function isMeant({ device, alias }: KnownHandset, name: string): boolean {
  const wanted = name.toLowerCase();
  return [device.toLowerCase(), device.slice('IMEI:'.length), alias?.toLowerCase()].includes(wanted);
}

function lineOf({ device, model = '', address = '', faults: now = [] }: KnownHandset): string {
  return [device, model, address, ...now].join('  ');
}
