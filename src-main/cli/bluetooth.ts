import { PcAgentError } from '../base/errors.ts';
import type { AirAdapter, AirPhone } from '../contract/air.ts';
import type { HostConnection } from '../host/client.ts';
import { errorText } from '../wording/error-text.ts';
import { answerPairings, type PairingAnswers } from './bluetooth-answers.ts';
import { columns } from './columns.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, failed, quietHostCommand } from './host-command.ts';
import {
  BluetoothFindOptions,
  BluetoothForgetOptions,
  BluetoothPairOptions,
  BluetoothShowOptions,
} from './host-options.ts';
import { checkOptions } from './options.ts';

/** `bluetooth VERB`: phones over the air, and pairing with them. */
export async function run(
  verb: string,
  [address]: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const given = { ...flags, ...(address === undefined ? {} : { address }) };
  switch (verb) {
    case 'list':
      return list(context);
    case 'find':
      return find(checkOptions(BluetoothFindOptions, given), context);
    case 'pair':
      return pair(checkOptions(BluetoothPairOptions, given, ['address']), context);
    case 'forget': {
      const options = checkOptions(BluetoothForgetOptions, given, ['address']);
      return quietHostCommand(context, async (host) => done(await host.request('air.forget', options, context)));
    }
    case 'show':
      return show(checkOptions(BluetoothShowOptions, given), context);
    default:
      throw new PcAgentError('cli/usage', `bluetooth has no verb ${verb}`);
  }
}

/** Exit code 1: there is no Bluetooth here now. */
function list(context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { air } = await host.request('air.look', {}, context);
    for (const adapter of air.adapters) context.print(adapterLine(adapter));
    for (const phone of air.phones) context.print(phoneLine(phone));
    return air.reason === undefined ? done({ air }) : failed(context, air.reason, errorText(air.reason).what, { air });
  });
}

function find({ seconds }: BluetoothFindOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const part = (phone: unknown): void => context.print(phoneLine(phone as AirPhone));
    const { air } = await host.request('air.search', { seconds }, { ...context, part });
    return done({ air });
  });
}

function pair({ address, ...answers }: BluetoothPairOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, (host) =>
    whileAnswering(host, { ...answers, device: deviceOf(address) }, context, async () => {
      const { phone } = await host.request('air.pair', { address }, context);
      context.print(phoneLine(phone));
      return done({ phone });
    }),
  );
}

function show({ seconds, ...answers }: BluetoothShowOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, (host) =>
    whileAnswering(host, answers, context, async () => done(await host.request('air.show', { seconds }, context))),
  );
}

async function whileAnswering(
  host: HostConnection,
  answers: PairingAnswers,
  context: CommandContext,
  work: () => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const stop = new AbortController();
  const answering = answerPairings(host, answers, { ...context, signal: stop.signal });
  try {
    return await work();
  } finally {
    stop.abort();
    await answering;
  }
}

function deviceOf(address: string): string {
  return `bluetooth:${address.replace(/^bluetooth:/i, '').toUpperCase()}`;
}

function adapterLine({ id, address, name, powered, blocked, visible }: AirAdapter): string {
  return columns([
    `adapter ${id}  ${address}  ${name}`,
    blocked ? 'radio switched off' : powered ? undefined : 'not powered',
    visible ? 'visible to phones' : undefined,
  ]);
}

function phoneLine({ address, name, type, paired, connected, speaksDm, signal }: AirPhone): string {
  return columns([
    `bluetooth:${address}  ${name ?? 'no name yet'}`,
    type === undefined || type === 'phone' ? undefined : type,
    paired ? 'paired' : 'not paired',
    connected ? 'connected' : undefined,
    speaksDm === undefined ? undefined : speaksDm ? 'speaks device management' : 'does not speak device management',
    signal === undefined ? undefined : `${signal} dBm`,
  ]);
}
