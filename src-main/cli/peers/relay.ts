import { PcAgentError } from '../../base/errors.ts';
import type { Bearers } from '../../bearer/bearers.ts';
import { childBearers } from '../../bearer/child/child-bearers.ts';
import { dmsProfile } from '../../dms/profile.ts';
import { createHttpAgent } from '../../net/http-agent.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import type { RelayListener } from '../../relay/arrival.ts';
import { listenNetwork } from '../../relay/http-listener.ts';
import { listenObex } from '../../relay/obex-listener.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import { SessionDesk } from '../../relay/session-desk.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';
import type { RelayOptions } from '../options.ts';
import { publishRecord } from './published-record.ts';
import { obexBearer } from './relay-bearer.ts';
import { relayCalls } from './relay-calls.ts';
import { RelayResult } from './relay-result.ts';

/**
 * `relay`: carries DM sessions between a handset and a DM server, without host, lock or data folder; where a handset is that
 * was named by IMEI or alias, the host was asked before.
 * @throws PcAgentError `cli/usage`, `bearer/*`, `dms/*`
 */
export async function run(options: RelayOptions, context: CommandContext): Promise<CommandOutcome> {
  const agent = createHttpAgent();
  const bearers = childBearers({ note: context.note });
  const setting: RelaySetting = {
    profile: dmsProfile(new URL(options.dms), options.allowOrigin),
    idle: options.idle,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    agent,
    ledger: createMemoryLedger(),
    emit: context.emit,
    signal: context.signal,
  };
  try {
    if (options.listen !== undefined) return await listen(options, options.listen, { setting, bearers }, context);
    return await relayCalls(options, obexBearer(options.handset ?? '', bearers), setting, context);
  } finally {
    await Promise.all([agent.close(), bearers.close()]);
  }
}

/** `relay --listen`: handsets start the sessions. */
async function listen(
  options: RelayOptions,
  address: string,
  { setting, bearers }: { readonly setting: RelaySetting; readonly bearers: Bearers },
  context: CommandContext,
): Promise<CommandOutcome> {
  if (options.notification !== undefined || options.trigger !== undefined || options.serverId !== undefined) {
    throw new PcAgentError('cli/usage', '--listen waits for handsets: a notification goes with --handset');
  }
  const result = new RelayResult();
  const desk = new SessionDesk({
    ...(options.count === undefined ? {} : { count: options.count }),
    onOutcome: (outcome) => result.add(outcome),
  });
  const listener = await openListener(address, { setting, bearers }, desk);
  let takeBack = async (): Promise<void> => undefined;
  try {
    takeBack = await publishRecord('server', listener.address, context);
    context.emit({ type: 'listening', address: listener.address, pid: process.pid });
    const ended = await Promise.race([desk.full.then(() => 'count' as const), interrupted(context.signal)]);
    await desk.drained();
    return result.outcome(ended);
  } finally {
    await takeBack();
    await listener.close();
  }
}

async function openListener(
  address: string,
  { setting, bearers }: { readonly setting: RelaySetting; readonly bearers: Bearers },
  desk: SessionDesk,
): Promise<RelayListener> {
  if (/^http:/i.test(address)) return listenNetwork(setting, { address, desk });
  return listenObex(setting, { ...obexBearer(address, bearers), desk });
}

function interrupted(signal: AbortSignal): Promise<'interrupted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
}
