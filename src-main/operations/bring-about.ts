import { compareComponents, isComplete, type WantedComponent } from '../archive/compare-components.ts';
import { type PlannedStep, planSteps } from '../archive/plan-steps.ts';
import { assertNever, PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { ComponentView, JobResult, OperationResult } from '../contract/results.ts';
import type { Comparison } from '../contract/software-views.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';
import { NOTHING_TO_DO } from '../offline/work-result.ts';
import type { Engine, WorkContext } from './engine.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import type { HandsetPlace, OwnOrder } from './ports.ts';

/** A handset that was looked at. */
export interface SeenHandset {
  readonly device: string;
  readonly model: string | undefined;
  readonly sessions: readonly string[];
  readonly components: readonly ComponentView[];
}

type Change = Pick<ParamsOf<'restore'>, 'consent' | 'reportTo' | 'reconnect'>;

export interface BringAbout {
  readonly place: HandsetPlace;
  readonly seen: SeenHandset;
  /** What the handset is to have, with the ids of the packages that it is installed from. */
  readonly wanted: readonly WantedComponent[];
  /** Those packages. */
  readonly packages: ReadonlyMap<string, OfferedPackage>;
  /** What it has besides is removed. What a package brought along that was not there is removed in any case. */
  readonly removeExtra: boolean;
  readonly allowUnverified: boolean;
  readonly params: Change;
}

/** What a package brought along, and packages that need others, can take more than one session. */
const MAX_ROUNDS = 10;
/** The end of an installation that goes well once what it needs is there. */
const NEEDS = 'offline/needs-missing';

/** @throws PcAgentError `archive/own-server-only`: only the PC's own server can do this kind of work. */
export function assertOwnServer({ dms }: { readonly dms?: string | undefined }): void {
  if (dms === undefined) return;
  throw new PcAgentError('archive/own-server-only', 'archives and snapshots are work of the PC’s own DM server', {
    retry: 'never',
  });
}

/**
 * Looks who is there and what is installed.
 * @throws PcAgentError `scomo/absent`: its software is not manageable.
 */
export async function lookAt(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<SeenHandset> {
  const { device, model, sessions, components } = await engine.ownServer.run([], place, context);
  if (device === undefined || components === undefined) {
    throw new PcAgentError('scomo/absent', 'the handset has no SCOMO object: its software is not manageable', {
      retry: 'never',
    });
  }
  return { device, model, sessions, components };
}

/** Work of this kind on one handset is one after the other: each looks first and then changes what it has seen. */
export function inTurn<T>(
  { turns }: Pick<Engine, 'turns'>,
  { address }: HandsetPlace,
  { signal }: WorkContext,
  work: () => Promise<T>,
): Promise<T> {
  return turns.run(`software ${address.text}`, work, signal);
}

/**
 * Brings a handset from what it has to what it is to have, in one session where that is enough: what is in the result's
 * `remaining` is another all the same.
 */
export async function bringAbout(engine: Engine, work: BringAbout, context: WorkContext): Promise<OperationResult> {
  const { seen, wanted, packages, params } = work;
  const place = { ...work.place, device: seen.device };
  const measured = engine.rates.measured(place.address.text, context.emit);
  const own = { ...context, ...reconnecting(params), emit: measured, packages };
  const before = new Set(seen.components.map(({ id }) => id));
  const sessions = [...seen.sessions];
  const jobs: JobResult[] = [];
  const tried = new Set<string>();
  let components: readonly ComponentView[] | undefined = seen.components;
  for (let round = 0; round < MAX_ROUNDS && components !== undefined; round += 1) {
    const comparison = compareComponents(wanted, components, seen.device);
    const unwanted = comparison.extra.filter(({ id }) => work.removeExtra || !before.has(id)).map(({ id }) => id);
    const steps = planSteps(wanted, comparison, unwanted).filter((step) => !tried.has(keyOf(step)));
    if (steps.length === 0) break;
    for (const step of steps) tried.add(keyOf(step));
    const outcome = await engine.ownServer.run(
      steps.map((step) => orderOf(engine, step, work)),
      place,
      own,
    );
    sessions.push(...outcome.sessions);
    components = outcome.components;
    const isOneDone = outcome.jobs.some(({ state }) => state === 'done');
    const early = isOneDone ? outcome.jobs.filter(({ code }) => code === NEEDS) : [];
    for (const { package: id = '' } of early) tried.delete(keyOf({ operation: 'install', package: id }));
    const told = outcome.jobs.filter((job) => !early.includes(job));
    jobs.push(...told);
    if (told.some(({ state }) => !isFine(state))) break;
  }
  const remaining = components === undefined ? undefined : compareComponents(wanted, components, seen.device);
  return {
    operation: 'restore',
    device: seen.device,
    handset: place.address.text,
    virtual: isVirtualDevice(seen.device),
    sessions,
    jobs: reported(jobs, remaining),
    ...(components === undefined ? {} : { components: [...components] }),
    ...(remaining === undefined ? {} : { remaining }),
  };
}

function orderOf(engine: Engine, step: PlannedStep, { params, packages, allowUnverified }: BringAbout): OwnOrder {
  const reportTo = reportAddress(engine, params);
  switch (step.operation) {
    case 'install': {
      const found = packages.get(step.package);
      const text = `Install ${found?.name ?? step.package} ${found?.version ?? ''}?`;
      return {
        ...{ operation: 'install', package: step.package, allowUnverified, reportTo },
        ...(step.inactive ? { inactive: true } : {}),
        ...consentFor(params.consent, text),
      };
    }
    case 'activate':
      return { ...step, ...consentFor(params.consent, `Activate ${step.component}?`), reportTo };
    case 'deactivate':
      return { ...step, ...consentFor(params.consent, `Deactivate ${step.component}?`), reportTo };
    case 'remove':
      return { ...step, ...consentFor(params.consent, `Remove ${step.component}?`), reportTo };
    default:
      return assertNever(step);
  }
}

/** The jobs, and what no job stands for: that there was nothing to do, and what is not as it was to be. */
function reported(jobs: readonly JobResult[], remaining: Comparison | undefined): JobResult[] {
  if (jobs.length === 0 && remaining !== undefined && isComplete(remaining)) {
    return [{ state: 'skipped', code: NOTHING_TO_DO, message: 'the handset has all of it' }];
  }
  // A component that was in the right state already, among others that were not, is nothing to tell.
  const done = jobs.filter(({ state }) => state !== 'skipped');
  const kept = done.length === 0 ? jobs : done;
  if (remaining === undefined || kept.some(({ state }) => !isFine(state))) return [...kept];
  const ids = new Set([...remaining.missing, ...remaining.outdated].map(({ id }) => id));
  const different = [...ids].map((component) => ({
    ...({ component, state: 'failed', code: 'snapshot/still-different' } as const),
    message: `${component} is not as it was to be`,
  }));
  return [...kept, ...different];
}

function isFine(state: JobResult['state']): boolean {
  return state === 'done' || state === 'skipped';
}

function keyOf(step: { readonly operation: 'install'; readonly package: string } | PlannedStep): string {
  return `${step.operation} ${step.operation === 'install' ? step.package : step.component}`;
}
