import { seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import type { DemoHandset } from '../../contract/demo-result.ts';
import { createDmsJobs } from '../../dms/jobs.ts';
import { dmsProfile } from '../../dms/profile.ts';
import { createMemoryLedger } from '../../net/ledger.ts';
import type { RelaySetting } from '../../relay/relay-setting.ts';
import type { DemoStage } from './demo-stage.ts';
import { flipByte } from './flip-byte.ts';
import { failedWith, untouched } from './handset-result.ts';
import { inTurns } from './in-turns.ts';
import { relayAct } from './relay-act.ts';

/** Nobody is asked anything in the demo, so a step that takes longer has failed. */
const STEP_LIMIT = seconds(15);
/** Sessions at a time. */
const AT_ONCE = 8;

/** Act 1 for all handsets. */
export async function relayActs(stage: DemoStage, _results: readonly DemoHandset[]): Promise<readonly DemoHandset[]> {
  const { options, context, agent, dms, handsets } = stage;
  const ledger = createMemoryLedger();
  const setting: RelaySetting = {
    profile: dmsProfile(dms.url),
    idle: STEP_LIMIT,
    timeout: STEP_LIMIT,
    agent,
    ledger,
    emit: context.emit,
    signal: context.signal,
    ...(options.fault?.name === 'flip-byte' ? { tamper: flipByte() } : {}),
  };
  const jobs = createDmsJobs({ dms: dms.url, agent, ledger, initiator: 'demo' });
  return inTurns(handsets, AT_ONCE, (handset) =>
    relayAct({ handset, dms: dms.process, jobs, setting, sessions: stage.sessions }).catch((error: unknown) => {
      if (!isPcAgentError(error)) throw error;
      const nothing = { ...untouched(handset.device, handset.bearer), transparent: false };
      return failedWith(nothing, error.code, error.message);
    }),
  );
}
