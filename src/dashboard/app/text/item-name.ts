interface Named {
  readonly item_id: string;
  readonly item_name: string | null;
}

/** How an item is called; by its id where it has no name. */
export const nameOf = (item: Named): string => item.item_name || item.item_id;

const told = new WeakMap<readonly Named[], ReadonlyMap<string, ReadonlySet<string>>>();

/** How an item is called among others: with its id where another has the same name. */
export function nameAmong(item: Named, items: readonly Named[]): string {
  const name = nameOf(item);
  const ids = told.get(items) ?? idsByName(items);
  told.set(items, ids);
  return (ids.get(name)?.size ?? 0) > 1 ? `${name} (${item.item_id})` : name;
}

function idsByName(items: readonly Named[]): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Map<string, Set<string>>();
  for (const item of items) {
    const name = nameOf(item);
    ids.set(name, (ids.get(name) ?? new Set()).add(item.item_id));
  }
  return ids;
}
