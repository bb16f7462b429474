import type { OracleItem } from './events.ts';
import type { Oracle } from './oracle.ts';

const QUARTER = 900_000;

/** The five levels of its category that a line names. */
function levelsOf(line: OracleItem): (string | null)[] {
  return [
    line.item_category ?? null,
    line.item_category2 ?? null,
    line.item_category3 ?? null,
    line.item_category4 ?? null,
    line.item_category5 ?? null,
  ];
}

/** What a line says of its item: the newest stays, of categories, brands and variants by the quarter of an hour. */
export function describe(all: Oracle, line: OracleItem, at: number, partition: number): void {
  const { item_id: item, item_name, item_brand, item_variant } = line;
  const quarter = Math.floor(at / QUARTER);
  const levels = levelsOf(line);
  if (item_name !== undefined) all.names.offer(item, at, partition, item_name);
  if (levels.some((level) => level !== null)) {
    const before = JSON.stringify(all.categories.get(item));
    all.categories.offer(item, quarter, partition, levels);
    if (before !== 'null' && before !== JSON.stringify(all.categories.get(item)))
      all.happened('item that went over to another category');
  }
  if (item_brand !== undefined) all.brands.offer(item, quarter, partition, item_brand);
  if (item_variant !== undefined) all.variants.offer(item, quarter, partition, item_variant);
}
