/** A component as an inventory lists it: fields by name. */
export type ComponentFields = Readonly<Record<string, string | number | undefined>> & { readonly id: string };

/** What differs between two inventories, component by component and field by field. */
export interface InventoryDifference<Entry extends ComponentFields> {
  readonly added: readonly Entry[];
  readonly removed: readonly Entry[];
  readonly changed: readonly {
    readonly id: string;
    readonly field: string;
    readonly before?: string | number;
    readonly after?: string | number;
  }[];
}

/** Components are told apart by their ID, which never changes. */
export function inventoryDifference<Entry extends ComponentFields>(
  before: readonly Entry[],
  after: readonly Entry[],
): InventoryDifference<Entry> {
  const [earlier, later] = [before, after].map((entries) => new Map(entries.map((entry) => [entry.id, entry])));
  const changed: InventoryDifference<Entry>['changed'][number][] = [];
  for (const entry of before) {
    const now = later?.get(entry.id);
    if (now === undefined) continue;
    for (const field of [...new Set([...Object.keys(entry), ...Object.keys(now)])].sort()) {
      const [was, is] = [entry[field], now[field]];
      if (was === is) continue;
      const { id } = entry;
      changed.push({
        id,
        field,
        ...(was === undefined ? {} : { before: was }),
        ...(is === undefined ? {} : { after: is }),
      });
    }
  }
  return {
    added: after.filter(({ id }) => earlier?.has(id) !== true),
    removed: before.filter(({ id }) => later?.has(id) !== true),
    changed,
  };
}
