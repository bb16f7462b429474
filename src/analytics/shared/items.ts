import type { InventoryEvent, ShopEvent } from '../../events/event.ts';
import type { Definition } from '../../metrics/definition.ts';
import type { EventFact, Fact } from '../../metrics/facts.ts';
import { family, type RankingFamily } from '../../metrics/family.ts';
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
export const productUnits = ranking('units', 'units bought by item');
export const productRevenue = ranking('revenue', 'revenue of lines by item, in minor units', ['currency']);
export const productRefunds = ranking('refunds', 'refunds of lines by item, in minor units', ['currency']);

const latest = <const N extends string>(name: N, description: string) =>
  family({ name, kind: 'latest', windows: ['none'], dimensions: [], cap: ITEMS_CAP, description });

export const itemNames = latest('item-names', 'the newest name of each item');
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

function foldCatalogue(fact: Fact, writes: Writes): void {
  if (fact.kind === 'inventory') foldInventory(fact.event, writes);
  if (fact.kind !== 'event') return;
  const { event } = fact;
  foldLines(fact, writes);
  if (event.items.length === 0) return;
  rememberNames(event, writes);
  const counted = COUNTED.get(event.name);
  if (counted === undefined) return;
  for (const itemId of itemsOf(event)) writes.add(counted, fact.at, itemId);
}

/** Each item once; most events are about one. */
function itemsOf({ items }: ShopEvent): Iterable<string> {
  const [first] = items;
  return first !== undefined && items.length === 1 ? [first.itemId] : new Set(items.map(({ itemId }) => itemId));
}

function rememberNames({ items, timestampMs, eventId }: ShopEvent, writes: Writes): void {
  for (const item of items) {
    if (item.itemName !== undefined) writes.keepLatest(itemNames, item.itemId, timestampMs, eventId, item.itemName);
  }
}

function foldLines({ order, event, at }: EventFact, writes: Writes): void {
  for (const line of order?.lines ?? []) {
    if (event.name === 'refund') writes.add(productRefunds, at, line.itemId, line.revenue, event.currency);
    else {
      writes.add(productUnits, at, line.itemId, line.units);
      writes.add(productRevenue, at, line.itemId, line.revenue, event.currency);
    }
  }
}

function foldInventory({ itemId, timestampMs, eventId, stockLevel, price, currency }: InventoryEvent, writes: Writes) {
  if (stockLevel !== undefined) {
    writes.keepLatest(stockLevels, itemId, timestampMs, eventId, String(stockLevel));
    writes.addToHistory(stockHistory, itemId, timestampMs, JSON.stringify([eventId, stockLevel]));
  }
  if (price !== undefined) {
    writes.keepLatest(itemPrices, priceField(currency, itemId), timestampMs, eventId, String(price));
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
    stockLevels,
    itemPrices,
    stockHistory,
    priceHistory,
  ],
  fold: foldCatalogue,
} satisfies Definition;
