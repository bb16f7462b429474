import { cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { recountCartsSql } from '../../../src/archive/accuracy/recount-carts.ts';
import type { PartitionedShop } from '../core/partitioned-shop.ts';
import type { LocalArchives } from '../system/local-archive.ts';

type LocalArchive = ReturnType<LocalArchives['open']>;
type Counts = Readonly<Record<string, number>>;

const FIELDS = ['opened', 'purchased', 'emptied', 'abandoned', 'recovered'];
const VALUED = ['abandoned', 'recovered'].flatMap((what) =>
  ['USD', 'EUR'].map((currency) => [what, currency] as const),
);

/** What counting has added up of carts. */
export function countedCarts(shop: PartitionedShop): Counts {
  const all = [
    ...FIELDS.map((field) => [`carts ${field}`, shop.total(cartCounts, field)] as const),
    ...VALUED.map(
      ([what, currency]) =>
        [`carts ${what} value ${currency}`, shop.total(cartCounts, `${what}_value:${currency}`)] as const,
    ),
  ];
  return Object.fromEntries(all.filter(([, n]) => n !== 0));
}

/** The same, recounted from the archive. */
export async function recountedCarts({ query }: LocalArchive, from: string, to: string): Promise<Counts> {
  const { rows } = await query((table, control) => recountCartsSql(table, control, { from, to }));
  const found: Record<string, number> = {};
  for (const { metric, value } of rows) found[String(metric)] = (found[String(metric)] ?? 0) + Number(value);
  return found;
}
