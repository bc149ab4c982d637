import { PcAgentError } from '../../base/errors.ts';
import { dmsProfile } from '../../dms/profile.ts';
import { createHttpAgent } from '../../net/http-agent.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import { listenNetwork } from '../../relay/http-listener.ts';
import { listenObex, type RelayListener } from '../../relay/obex-listener.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import { SessionDesk } from '../../relay/session-desk.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';
import type { RelayOptions } from '../options.ts';
import { obexBearer } from './relay-bearer.ts';
import { relayCalls } from './relay-calls.ts';
import { RelayResult } from './relay-result.ts';

/**
 * `relay`: carries DM sessions between a handset and a DM server, without host, lock or data folder.
 * @throws PcAgentError `cli/usage`, `cli/not-built`, `bearer/*`, `dms/*`
 */
export async function run(options: RelayOptions, context: CommandContext): Promise<CommandOutcome> {
  const agent = createHttpAgent();
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
    if (options.listen !== undefined) return await listen(options, options.listen, setting, context);
    return await relayCalls(options, options.handset ?? '', setting, context);
  } finally {
    await agent.close();
  }
}

/** `relay --listen`: handsets start the sessions. */
async function listen(
  options: RelayOptions,
  address: string,
  setting: RelaySetting,
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
  const listener = await openListener(address, setting, desk);
  context.emit({ type: 'listening', address: listener.address, pid: process.pid });
  try {
    const ended = await Promise.race([desk.full.then(() => 'count' as const), interrupted(context.signal)]);
    await desk.drained();
    return result.outcome(ended);
  } finally {
    await listener.close();
  }
}

async function openListener(address: string, setting: RelaySetting, desk: SessionDesk): Promise<RelayListener> {
  if (/^http:/i.test(address)) return listenNetwork(setting, { address, desk });
  return listenObex(setting, { ...obexBearer(address), desk });
}

function interrupted(signal: AbortSignal): Promise<'interrupted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });
}
