import { isPcAgentError } from '../../base/errors.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import type { Host } from '../host.ts';
import { DEMO_PIN } from './demo-account.ts';
import type { DemoStage } from './demo-stage.ts';
import { failedWith } from './handset-result.ts';
import { inTurns } from './in-turns.ts';
import type { HandsetPeer } from './relay-act.ts';

/** Handsets at a time. */
const AT_ONCE = 8;

/** Before act 3: each handset gets the account of the PC's own server, over OBEX and signed with the PIN of its person. */
export async function bootstrapAct(stage: DemoStage, results: readonly DemoHandset[]): Promise<readonly DemoHandset[]> {
  const host = await stage.host();
  return inTurns(stage.handsets, AT_ONCE, (handset, index) => putAccount(stage, host, handset, results[index]));
}

async function putAccount(
  stage: DemoStage,
  host: Host,
  { address, device }: HandsetPeer,
  result: DemoHandset | undefined,
): Promise<DemoHandset> {
  if (result === undefined) throw new TypeError('a handset has no result');
  const { signal } = stage.context;
  try {
    const params = { handset: address, device, pin: DEMO_PIN };
    const done = await host.connection.request('bootstrap', params, { emit: stage.sessions.innerEmit, signal });
    const next = { ...result, sessions: [...result.sessions, ...done.sessions] };
    return done.account === 'taken'
      ? next
      : failedWith(next, done.code ?? 'provisioning/not-taken', done.message ?? 'the account was not taken');
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    return failedWith(result, error.code, error.message);
  }
}
