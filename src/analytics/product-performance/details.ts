import { levelsOf } from '../../events/details/category-path.ts';
import type { LatestFamily } from '../../metrics/family.ts';
import type { QueryContext } from '../question.ts';
import { LEVELS, type Level } from '../shared/item-filter.ts';
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

const ALL: readonly (keyof Details)[] = ['name', ...LEVELS, 'brand', 'variant', 'stock', 'price'];

/** @param wanted those that are read; the others are null */
export async function detailsOf(
  items: readonly string[],
  currency: string,
  { reader }: QueryContext,
  wanted: readonly (keyof Details)[] = ALL,
): Promise<Map<string, Details>> {
  const latest = (details: readonly (keyof Details)[], of: LatestFamily, fields = items) =>
    details.some((detail) => wanted.includes(detail)) ? reader.latest(of, fields) : [];
  const prices = items.map((itemId) => priceField(currency, itemId));
  const [names, categories, brands, variants, stocks, amounts] = await Promise.all([
    latest(['name'], itemNames),
    latest(LEVELS, itemCategories),
    latest(['brand'], itemBrands),
    latest(['variant'], itemVariants),
    latest(['stock'], stockLevels),
    latest(['price'], itemPrices, prices),
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
