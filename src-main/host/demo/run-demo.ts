import { isPcAgentError } from '../../base/errors.ts';
import type { DemoHandset, DemoResult } from '../../contract/demo-result.ts';
import { bootstrapAct } from './bootstrap-act.ts';
import { cacheAct } from './cache-act.ts';
import type { DemoAct, DemoContext, DemoOptions } from './demo-options.ts';
import { type DemoStage, openStage } from './demo-stage.ts';
import { failedWith, untouched } from './handset-result.ts';
import { offlineAct } from './offline-act.ts';
import { relayActs } from './relay-acts.ts';

export type { DemoContext, DemoOptions } from './demo-options.ts';

type Act = (stage: DemoStage, results: readonly DemoHandset[]) => Promise<readonly DemoHandset[]>;

/** Each with the act that asks for it. What the PC's own server does needs its account on the handsets first. */
const ACTS: readonly (readonly [wanted: DemoAct, name: DemoAct | 'bootstrap', Act])[] = [
  ['relay', 'relay', relayActs],
  ['cache', 'cache', cacheAct],
  ['offline', 'bootstrap', bootstrapAct],
  ['offline', 'offline', offlineAct],
];

/** The main job on virtual peers, each in a process of its own, in a temporary home. */
export async function runDemo(options: DemoOptions, context: DemoContext): Promise<DemoResult> {
  const stage = await openStage(options, context);
  try {
    const bearer = options.bearer ?? 'tcp';
    let results: readonly DemoHandset[] = stage.handsets.map(({ device }) => untouched(device, bearer));
    for (const [wanted, name, play] of ACTS) {
      if (!options.acts.includes(wanted) || results.some((result) => !result.ok)) continue;
      results = await playAct(name, play, stage, results);
    }
    return finish(results, options.fault?.name);
  } finally {
    await stage.close();
  }
}

/** One act between its two events. One that cannot be played at all failed for every handset. */
async function playAct(
  act: string,
  play: Act,
  stage: DemoStage,
  before: readonly DemoHandset[],
): Promise<readonly DemoHandset[]> {
  const { emit } = stage.context;
  emit({ type: 'act', act, state: 'started' });
  let results: readonly DemoHandset[];
  try {
    results = await play(stage, before);
  } catch (error) {
    if (!isPcAgentError(error)) throw error;
    emit({ type: 'error', code: error.code, message: error.message });
    results = before.map((result) => failedWith(result, error.code, error.message));
  }
  const bad = results.find((result) => !result.ok);
  emit({
    type: 'act',
    act,
    state: bad === undefined ? 'done' : 'failed',
    ...(bad?.message === undefined ? {} : { message: bad.message }),
  });
  return results;
}

/** A fault that was asked for and changed nothing shows nothing: that must not look like a demo that went well. */
function unnoticed(fault: string | undefined): Pick<DemoHandset, 'code' | 'message'> | undefined {
  if (fault === undefined) return undefined;
  return { code: 'demo/fault-unnoticed', message: `nobody noticed the fault ${fault}` };
}

function finish(results: readonly DemoHandset[], fault: string | undefined): DemoResult {
  const bad = results.find((result) => !result.ok) ?? unnoticed(fault);
  const relayed = results.some((result) => result.transparent !== null);
  return {
    ok: bad === undefined,
    ...(bad?.code === undefined ? {} : { code: bad.code }),
    ...(bad?.message === undefined ? {} : { message: bad.message }),
    handsets: results,
    transparent: relayed ? results.every((result) => result.transparent === true) : null,
  };
}
