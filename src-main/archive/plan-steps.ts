import type { Comparison } from '../contract/software-views.ts';
import type { WantedComponent } from './compare-components.ts';

/** One order on the way from what a handset has to what it is to have. */
export type PlannedStep =
  | { readonly operation: 'install'; readonly package: string; readonly inactive: boolean }
  | { readonly operation: 'activate' | 'deactivate' | 'remove'; readonly component: string };

/**
 * What has to be done, in this order: each package that something needs once, then activations and deactivations, and
 * last the removals of `unwanted`, which by then nothing needs any more. A component that no package is known for gets
 * no step.
 */
export function planSteps(
  wanted: readonly WantedComponent[],
  { missing, outdated }: Comparison,
  unwanted: readonly string[],
): readonly PlannedStep[] {
  const lacking = [...missing, ...outdated.filter(({ field }) => field === 'version')];
  const packages = new Set(lacking.flatMap((each) => (each.package === undefined ? [] : [each.package])));
  const installs = [...packages].map((id) => {
    const members = wanted.filter((each) => each.package === id);
    const inactive = members.every(({ state }) => state === 'inactive');
    return { step: { operation: 'install', package: id, inactive } as const, members };
  });
  // All components of a package are activated with it, so those that are to be inactive are deactivated again.
  const woken = installs
    .filter(({ step }) => !step.inactive)
    .flatMap(({ members }) => members.filter(({ state }) => state === 'inactive').map(({ id }) => id));
  // What is installed is in the right state by that.
  const states = outdated.filter(
    ({ field, package: id }) => field === 'state' && (id === undefined || !packages.has(id)),
  );
  const sleeping = states.filter((each) => each.wanted === 'inactive').map(({ id }) => id);
  const waking = states.filter((each) => each.wanted === 'active').map(({ id }) => id);
  return [
    ...installs.map(({ step }) => step),
    ...waking.map((component) => ({ operation: 'activate', component }) as const),
    ...[...woken, ...sleeping].map((component) => ({ operation: 'deactivate', component }) as const),
    ...unwanted.map((component) => ({ operation: 'remove', component }) as const),
  ];
}
