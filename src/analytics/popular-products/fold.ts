import type { ShopEvent } from '../../events/event.ts';
import type { EventFact, Fact } from '../facts.ts';
import type { RankingFamily } from '../families.ts';
import type { Writes } from '../writes.ts';
import { itemNames, productCarts, productOrders, productRevenue, productUnits, productViews } from './keys.ts';

const COUNTED: ReadonlyMap<string, RankingFamily> = new Map([
  ['view_item', productViews],
  ['add_to_cart', productCarts],
  ['purchase', productOrders],
]);

export function foldPopularProducts(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event' || fact.event.items.length === 0) return;
  rememberNames(fact.event, writes);
  const family = COUNTED.get(fact.event.name);
  if (family === undefined) return;
  for (const itemId of new Set(fact.event.items.map((item) => item.itemId))) writes.add(family, fact.at, itemId);
  if (fact.event.name === 'purchase') foldLines(fact, writes);
}

function rememberNames({ items, timestampMs, eventId }: ShopEvent, writes: Writes): void {
  for (const item of items) {
    if (item.itemName !== undefined) writes.keepNewest(itemNames, item.itemId, timestampMs, eventId, item.itemName);
  }
}

function foldLines({ order, event, at }: EventFact, writes: Writes): void {
  for (const line of order?.lines ?? []) {
    writes.add(productUnits, at, line.itemId, line.units);
    writes.add(productRevenue, at, line.itemId, line.revenue, event.currency);
  }
}
