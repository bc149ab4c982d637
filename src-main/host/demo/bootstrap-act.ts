import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import type { AgentEvent, HandsetEvent } from '../../contract/events.ts';
import type { Host } from '../host.ts';
import { DEMO_PIN } from './demo-account.ts';
import type { DemoStage } from './demo-stage.ts';
import { failedWith } from './handset-result.ts';
import { inTurns } from './in-turns.ts';
import type { HandsetPeer } from './relay-act.ts';

/** Handsets at a time. */
const AT_ONCE = 8;

/** How long a handset may take to tell that it has taken the account. */
const TAKE_LIMIT = seconds(5);

/** Before act 3: each handset gets the account of the PC's own server, over OBEX and signed with the PIN of its person. */
export async function bootstrapAct(stage: DemoStage, results: readonly DemoHandset[]): Promise<readonly DemoHandset[]> {
  const host = await stage.host();
  return inTurns(stage.handsets, AT_ONCE, (handset, index) => putAccount(stage, host, handset, results[index]));
}

async function putAccount(
  stage: DemoStage,
  host: Host,
  { address, device, process }: HandsetPeer,
  result: DemoHandset | undefined,
): Promise<DemoHandset> {
  if (result === undefined) throw new TypeError('a handset has no result');
  const { signal } = stage.context;
  try {
    // Whether it was taken the handset's own process says; the next act shows that it is good for something.
    const params = { handset: address, device, pin: DEMO_PIN, check: false };
    const { dms } = await host.connection.request('bootstrap', params, { emit: stage.sessions.innerEmit, signal });
    await process.event((event): event is HandsetEvent => isTaken(event, dms), { limit: TAKE_LIMIT, signal });
    return result;
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    return failedWith(result, error.code, error.message);
  }
}

function isTaken(event: AgentEvent, dms: string): boolean {
  return event.type === 'handset' && event.state === 'bootstrapped' && event.dms === dms;
}
