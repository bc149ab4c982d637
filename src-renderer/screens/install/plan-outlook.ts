import type { InstallPlan, PlanItem } from '../../../src-main/contract/install-plan.ts';

/** What a plan comes to before anybody consents to it. */
export type PlanOutlook =
  /** Packages that would travel; `unverified`: how many of them nobody vouches for. */
  | { readonly kind: 'work'; readonly packages: readonly string[]; readonly unverified: number }
  /** All of it is there already. */
  | { readonly kind: 'nothing' }
  /** Nothing of it will be done, and for something of it that is no good end. */
  | { readonly kind: 'refused' };

export function planOutlook({ items }: Pick<InstallPlan, 'items'>): PlanOutlook {
  const work = items.filter(isWork);
  if (work.length > 0) {
    const unverified = work.filter(({ trust }) => trust === 'unverified').length;
    return { kind: 'work', packages: work.map(({ package: id }) => id), unverified };
  }
  return { kind: items.every(({ action }) => action === 'skip') ? 'nothing' : 'refused' };
}

function isWork({ action }: PlanItem): boolean {
  return action === 'install' || action === 'update';
}
