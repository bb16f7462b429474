import type { InventoryEvent } from '../../events/event.ts';
import { fromThousandths } from '../../events/numbers/quantity.ts';
import type { Counting, Definition } from '../../metrics/definition.ts';
import type { EventFact } from '../../metrics/facts.ts';
import { family, type RankingFamily } from '../../metrics/family.ts';
import type { LatestColumn } from '../../metrics/sums/latest-column.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { MetricId } from '../../metrics/sums/window-sums.ts';
import type { Writes } from '../../metrics/writes.ts';

const RANKING_CAP = 100_000;
const ITEMS_CAP = 200_000;
const CHANGES_CAP = 500;

const ranking = <const N extends string>(name: N, description: string, dimensions: readonly string[] = []) =>
  family({
    name: `products:${name}`,
    kind: 'ranking',
    windows: ['hour', 'day'],
    dimensions,
    cap: RANKING_CAP,
    description,
  });

export const productViews = ranking('views', 'view_item events by item');
export const productCarts = ranking('carts', 'add_to_cart events by item');
export const productRemoves = ranking('removes', 'remove_from_cart events by item');
export const productOrders = ranking('orders', 'purchases by item');
export const productUnits = ranking('units', 'units bought by item, in thousandths');
export const productRevenue = ranking('revenue', 'revenue of lines by item, in minor units', ['currency']);
export const productRefunds = ranking('refunds', 'refunds of lines by item, in minor units', ['currency']);

/** A sum of a ranking that is no money, as answers show it. */
export function shownOf(of: RankingFamily, sum: number): number {
  return of === productUnits ? fromThousandths(sum) : sum;
}

const latest = <const N extends string>(name: N, description: string) =>
  family({ name, kind: 'latest', windows: ['none'], dimensions: [], cap: ITEMS_CAP, description });

export const itemNames = latest('item-names', 'the newest name of each item');
/** By the quarter of an hour, so that what is said again and again is written once in it. */
export const itemCategories = family({
  ...latest('item-categories', 'the newest category of each item, its levels as one text'),
  isNoted: true,
});
export const itemBrands = family({ ...latest('item-brands', 'the newest brand of each item'), isNoted: true });
export const itemVariants = latest('item-variants', 'the newest variant of each item');
const GRAIN_MS = 900_000;

export const stockLevels = latest('stock', 'the newest stock level of each item');
export const itemPrices = latest('prices', 'the newest price of each item, by currency and item');

const changes = <const N extends string>(name: N, dimensions: readonly string[], description: string) =>
  family({ name, kind: 'history', windows: ['none'], dimensions, cap: CHANGES_CAP, description });

export const stockHistory = changes('stock-history', ['item'], 'the newest stock levels of an item by timestamp');
export const priceHistory = changes(
  'price-history',
  ['currency', 'item'],
  'the newest prices of an item by timestamp, as written',
);

const COUNTED: ReadonlyMap<string, RankingFamily> = new Map([
  ['view_item', productViews],
  ['add_to_cart', productCarts],
  ['remove_from_cart', productRemoves],
  ['purchase', productOrders],
]);

function countItems(sums: Sums): Counting {
  const { items } = sums.dictionaries;
  const counted = new Map([...COUNTED].map(([name, ranking]) => [name, sums.members(ranking, 'items')]));
  const units = sums.members(productUnits, 'items');
  const other = sums.dictionaries.otherOf('items');
  const keepTitles = titleKeeper(sums);
  const countedAs = (itemId: string, fact: Pick<EventFact, 'admits'>): number => {
    const named = items.ofText(itemId);
    return fact.admits('items', named) ? named : other;
  };
  return {
    event(fact) {
      const { hour, order, name, currency } = fact;
      if (order !== undefined && order.lines.length > 0) {
        const isRefund = name === 'refund';
        const money = sums.members(isRefund ? productRefunds : productRevenue, 'items', currency);
        for (const line of order.lines) {
          const item = countedAs(line.itemId, fact);
          hour.add(money, item, line.revenue);
          if (!isRefund) hour.add(units, item, line.units);
        }
      }
      if (fact.lines === 0) return;
      keepTitles(fact);
      const ranking = counted.get(name);
      if (ranking !== undefined) addEachItem(fact, ranking);
    },
    orderRecount(fact) {
      const { hour, order, currency, sign } = fact;
      const money = sums.members(productRevenue, 'items', currency);
      const once = new Set<number>();
      for (const line of order.lines) {
        const item = countedAs(line.itemId, fact);
        once.add(item);
        hour.add(money, item, sign * line.revenue);
        hour.add(units, item, sign * line.units);
      }
      const orders = sums.members(productOrders, 'items');
      for (const item of once) hour.add(orders, item, sign);
    },
    refunded(fact) {
      const { hour, order, currency } = fact;
      const money = sums.members(productRefunds, 'items', currency);
      for (const line of order.lines) hour.add(money, countedAs(line.itemId, fact), line.revenue);
    },
    inventory: ({ event }, writes) => countInventory(event, writes),
  };
}

/** Each item once, however many lines name it; most events are about one. */
function addEachItem(fact: EventFact, ranking: MetricId): void {
  if (fact.lines === 1) {
    fact.hour.add(ranking, fact.itemOf(0));
    return;
  }
  const items = new Set<number>();
  for (let line = 0; line < fact.lines; line++) items.add(fact.itemOf(line));
  for (const item of items) fact.hour.add(ranking, item);
}

/** Keeps what an event's lines say of their items. */
function titleKeeper(sums: Sums): (fact: EventFact) => void {
  const names = sums.latestTitles(itemNames);
  const [categories, brands, variants] = [
    sums.latestTitles(itemCategories, GRAIN_MS),
    sums.latestTitles(itemBrands, GRAIN_MS),
    sums.latestTitles(itemVariants, GRAIN_MS),
  ];
  const other = sums.dictionaries.otherOf('items');
  return (fact) => {
    const { timestampMs } = fact;
    for (let line = 0; line < fact.lines; line++) {
      const item = fact.itemOf(line);
      if (item === other) continue;
      keepTitle(names, item, timestampMs, fact.titleOf(line));
      keepTitle(categories, item, timestampMs, fact.categoryOf(line));
      keepTitle(brands, item, timestampMs, fact.brandOf(line));
      keepTitle(variants, item, timestampMs, fact.variantOf(line));
    }
  };
}

function keepTitle(column: LatestColumn, item: number, atMs: number, title: number | undefined): void {
  if (title !== undefined) column.keep(item, atMs, title);
}

function countInventory({ itemId, timestampMs, eventId, stockLevel, price, currency }: InventoryEvent, writes: Writes) {
  if (stockLevel !== undefined) {
    writes.keepLatest(stockLevels, itemId, timestampMs, String(stockLevel));
    writes.addToHistory(stockHistory, itemId, timestampMs, JSON.stringify([eventId, stockLevel]));
  }
  if (price !== undefined) {
    writes.keepLatest(itemPrices, priceField(currency, itemId), timestampMs, String(price));
    writes.addToHistory(priceHistory, priceField(currency, itemId), timestampMs, JSON.stringify([eventId, price]));
  }
}

/** Currency first: it has a fixed length, an item's id may hold anything. */
export function priceField(currency: string, itemId: string): string {
  return `${currency}:${itemId}`;
}

/**
 * What happened to each item: the rankings and newest values behind popular and rising
 * products, product performance and inventory. Several questions read them, so they lie here.
 */
export const items = {
  families: [
    productViews,
    productCarts,
    productRemoves,
    productOrders,
    productUnits,
    productRevenue,
    productRefunds,
    itemNames,
    itemCategories,
    itemBrands,
    itemVariants,
    stockLevels,
    itemPrices,
    stockHistory,
    priceHistory,
  ],
  count: countItems,
} satisfies Definition;
