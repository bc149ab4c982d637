import type { InventoryDifference } from '../contract/software-views.ts';
import type { SeenComponent } from '../jobs/job.ts';
import { type ComponentFields, inventoryDifference } from '../scomo/inventory-difference.ts';
import type { InventoryEntry } from '../scomo/procedure/inventory.ts';

/** What is said of a handset's components; where their nodes lie is the handset's own business. */
export function seenComponents(inventory: readonly InventoryEntry[]): readonly SeenComponent[] {
  return inventory.map(({ uri: _uri, ...entry }) => entry);
}

/** Firmware as the one component that it is: its version, and the state of the object that updates it. */
export function seenFirmware(version: string | undefined, state: number | undefined): readonly SeenComponent[] {
  return [{ id: 'firmware', version: version ?? '', state: state === undefined ? '' : String(state) }];
}

/** What is another, field by field. */
export function differenceOf(before: readonly SeenComponent[], after: readonly SeenComponent[]): InventoryDifference {
  const { added, removed, changed } = inventoryDifference<ComponentFields>(
    before as readonly ComponentFields[],
    after as readonly ComponentFields[],
  );
  return {
    added: added as unknown as SeenComponent[],
    removed: removed as unknown as SeenComponent[],
    changed: [...changed],
  };
}
