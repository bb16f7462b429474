import type { LatestFamily } from '../../metrics/family.ts';
import type { QueryContext } from '../question.ts';
import { itemNames, itemPrices, priceField, stockLevels } from '../shared/items.ts';

/** What is known of an item whatever the period; null where nothing is. */
export interface Details {
  readonly name: string | null;
  readonly stock: number | null;
  readonly price: number | null;
}

const ALL: readonly (keyof Details)[] = ['name', 'stock', 'price'];

/** @param wanted those that are read; the others are null */
export async function detailsOf(
  items: readonly string[],
  currency: string,
  { reader }: QueryContext,
  wanted: readonly (keyof Details)[] = ALL,
): Promise<Map<string, Details>> {
  const latest = (detail: keyof Details, of: LatestFamily, fields = items) =>
    wanted.includes(detail) ? reader.latest(of, fields) : [];
  const prices = items.map((itemId) => priceField(currency, itemId));
  const [names, stocks, amounts] = await Promise.all([
    latest('name', itemNames),
    latest('stock', stockLevels),
    latest('price', itemPrices, prices),
  ]);
  const number = (value: string | undefined): number | null => (value === undefined ? null : Number(value));
  return new Map(
    items.map((itemId, i): [string, Details] => [
      itemId,
      { name: names[i] ?? null, stock: number(stocks[i]), price: number(amounts[i]) },
    ]),
  );
}
