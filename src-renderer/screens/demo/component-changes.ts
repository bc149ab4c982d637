import type { InventoryComponent } from '../../../src-main/contract/demo-result.ts';

export interface ComponentChange {
  readonly id: string;
  readonly before: InventoryComponent | undefined;
  readonly after: InventoryComponent | undefined;
  readonly change: 'added' | 'removed' | 'changed' | 'same';
}

/** What was on the handset beside what is, each component once. */
export function componentChanges(
  before: readonly InventoryComponent[],
  after: readonly InventoryComponent[],
): ComponentChange[] {
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  return ids.map((id) => {
    const old = before.find((component) => component.id === id);
    const now = after.find((component) => component.id === id);
    return { id, before: old, after: now, change: changeOf(old, now) };
  });
}

function changeOf(
  before: InventoryComponent | undefined,
  after: InventoryComponent | undefined,
): ComponentChange['change'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return before.version === after.version && before.state === after.state ? 'same' : 'changed';
}

/** Whether a component runs (SCOMO 1.0, states of a deployed component: 10 inactive, 20 active). */
export function activityOf({ state }: InventoryComponent): 'active' | 'inactive' | undefined {
  if (String(state) === '20') return 'active';
  return String(state) === '10' ? 'inactive' : undefined;
}
