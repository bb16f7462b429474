import { levelsOf } from '../../events/details/category-path.ts';
import type { LatestFamily } from '../../metrics/family.ts';
import type { QueryContext } from '../question.ts';
import type { Level } from '../shared/item-filter.ts';
import {
  itemBrands,
  itemCategories,
  itemNames,
  itemPrices,
  itemVariants,
  priceField,
  stockLevels,
} from '../shared/items.ts';

/** What is known of an item whatever the period; null where nothing is. */
export interface Details extends Readonly<Record<Level | 'name' | 'brand' | 'variant', string | null>> {
  readonly stock: number | null;
  readonly price: number | null;
}

/** So many are looked at in one go. */
const AT_ONCE = 5_000;

type Told = string | number | null;

/** Where each detail is kept, and how it is told. */
const KEPT: Readonly<Record<keyof Details, readonly [of: LatestFamily, told: (kept: string) => Told]>> = {
  name: [itemNames, String],
  category: [itemCategories, levelAt(0)],
  category2: [itemCategories, levelAt(1)],
  category3: [itemCategories, levelAt(2)],
  category4: [itemCategories, levelAt(3)],
  category5: [itemCategories, levelAt(4)],
  brand: [itemBrands, String],
  variant: [itemVariants, String],
  stock: [stockLevels, Number],
  price: [itemPrices, Number],
};

function levelAt(place: number): (path: string) => Told {
  return (path) => levelsOf(path)[place] ?? null;
}

/** One detail of as many items as there are. What hardly ever changes is read of all items, and again when it has. */
export async function detailOf(
  detail: keyof Details,
  items: readonly string[],
  currency: string,
  { reader }: QueryContext,
): Promise<Map<string, Told>> {
  const [of, told] = KEPT[detail];
  const groups = of.isNoted === true ? await reader.groups(of) : undefined;
  const found = new Map<string, Told>();
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const some = items.slice(from, from + AT_ONCE);
    const fields = detail === 'price' ? some.map((itemId) => priceField(currency, itemId)) : some;
    const kept = groups === undefined ? await reader.latest(of, fields) : some.map((itemId) => groups.get(itemId));
    for (const [i, itemId] of some.entries()) {
      const value = kept[i];
      found.set(itemId, value === undefined ? null : told(value));
    }
    await reader.pause();
  }
  return found;
}

export async function detailsOf(
  items: readonly string[],
  currency: string,
  { reader }: QueryContext,
): Promise<Map<string, Details>> {
  const prices = items.map((itemId) => priceField(currency, itemId));
  const [names, categories, brands, variants, stocks, amounts] = await Promise.all([
    reader.latest(itemNames, items),
    reader.latest(itemCategories, items),
    reader.latest(itemBrands, items),
    reader.latest(itemVariants, items),
    reader.latest(stockLevels, items),
    reader.latest(itemPrices, prices),
  ]);
  const number = (value: string | undefined): number | null => (value === undefined ? null : Number(value));
  return new Map(
    items.map((itemId, i): [string, Details] => [
      itemId,
      {
        name: names[i] ?? null,
        ...levelsIn(categories[i]),
        brand: brands[i] ?? null,
        variant: variants[i] ?? null,
        stock: number(stocks[i]),
        price: number(amounts[i]),
      },
    ]),
  );
}

function levelsIn(path: string | undefined): Record<Level, string | null> {
  const [category, category2, category3, category4, category5] = levelsOf(path ?? '').map((level) => level ?? null);
  return {
    category: category ?? null,
    category2: category2 ?? null,
    category3: category3 ?? null,
    category4: category4 ?? null,
    category5: category5 ?? null,
  };
}
