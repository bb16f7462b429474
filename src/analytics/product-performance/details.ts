import type { QueryContext } from '../analytic.ts';
import { itemNames, itemPrices, priceField, stockLevels } from '../catalogue.ts';
import type { NewestFamily } from '../families.ts';
import { unstampNewest } from '../writes.ts';

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
  const newest = (detail: keyof Details, of: NewestFamily, fields = items) =>
    wanted.includes(detail) ? reader.newest(of, fields) : [];
  const prices = items.map((itemId) => priceField(currency, itemId));
  const [names, stocks, amounts] = await Promise.all([
    newest('name', itemNames),
    newest('stock', stockLevels),
    newest('price', itemPrices, prices),
  ]);
  const value = (stamped: string | undefined): string | null => (stamped === undefined ? null : unstampNewest(stamped));
  const number = (stamped: string | undefined): number | null =>
    stamped === undefined ? null : Number(unstampNewest(stamped));
  return new Map(
    items.map((itemId, i): [string, Details] => [
      itemId,
      { name: value(names[i]), stock: number(stocks[i]), price: number(amounts[i]) },
    ]),
  );
}
