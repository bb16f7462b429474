import { HOUR, MIN, type OracleEvent } from '../oracle/events.ts';

/** What random events contain sometimes only, and what a log with these among them contains for certain. */
export const RARE_CASES = [
  'duplicate event',
  'duplicate purchase',
  'duplicate inventory event',
  'event that came more than an hour late',
  'session cut by the gap',
  'session id that came again after a day',
  'user who returned',
  'search that was followed',
  'refund of a whole order',
  'refund of an unknown order',
  'refund of what was left',
  'refund beyond what was paid',
  'cart opened',
  'cart purchased',
  'cart emptied',
  'cart abandoned',
  'line without a price, of an item that has one',
  'quantity with decimals that was bought',
  'fraction that was taken out to the last of it',
  'cart that came late and was left alone for a while',
  'cart recovered',
  'cart taken up again',
  'cart left again',
  'cart moved from an import',
] as const;

/** An event that happens so long after those that were before it. */
interface Planned extends Omit<OracleEvent, 'timestamp'> {
  readonly afterMs?: number;
}

/** What a case's events have in common; each case has a visitor of its own. */
const of = (user: string, ...events: Planned[]): Planned[] =>
  events.map((event, i) => ({ event_id: `${user}-${i}`, user_id: user, ...event }));
const add = (quantity: number, price?: number): Planned => ({
  name: 'add_to_cart',
  items: [{ item_id: 'i1', quantity, ...(price !== undefined && { price }) }],
});
const buy = (order: string, quantity = 1): Planned => ({
  name: 'purchase',
  transaction_id: order,
  items: [{ item_id: 'i1', price: 12, quantity }],
});
const refund = (order: string, value?: number): Planned => ({
  name: 'refund',
  transaction_id: order,
  ...(value !== undefined && { value }),
});
const view: Planned = { name: 'page_view' };
const after = (afterMs: number, event: Planned): Planned => ({ ...event, afterMs });

function casesOf(neighbour: string): Planned[][] {
  const stock: Planned = { event_id: 'rare-stock', name: 'stock_update', item_id: 'i1', stock_level: 4 };
  return [
    of('rare-twice', { ...view, event_id: 'rare-twice' }, { ...view, event_id: 'rare-twice' }),
    of('rare-buyer', buy('rare-1'), buy('rare-1'), refund('rare-1')),
    of(
      'rare-refunds',
      buy('rare-2', 0.3),
      refund('rare-2', 1),
      refund('rare-2'),
      refund('rare-2', 1),
      refund('rare-?'),
    ),
    of('rare-searcher', { name: 'search', search_term: 'zebra' }, { name: 'view_item' }),
    of('rare-fraction', add(0.3, 19.99), { name: 'remove_from_cart', items: [{ item_id: 'i1', quantity: 0.3 }] }),
    of('rare-priced', add(1, 3), add(2), buy('rare-3')),
    of('rare-gap', view, after(31 * MIN, view)),
    of('rare-cart', add(1, 3), after(61 * MIN, add(1, 3)), after(61 * MIN, view), after(MIN, buy('rare-4'))),
    [
      ...of('rare-late', view),
      ...of(neighbour, after(-2 * HOUR, add(1, 3))),
      ...of('rare-late', after(MIN, { ...view, event_id: 'rare-late-last' })),
    ],
    [stock, stock],
  ];
}

/**
 * Cases that stand one after the other in a log: nothing comes between the events of one.
 * @param partitionOf a cart is left alone in the lane in which another visitor is ahead
 */
export function rareCases(partitionOf: (user: string) => number): ((nowMs: number) => OracleEvent[])[] {
  const names = Array.from({ length: 1_000 }, (_, i) => `rare-neighbour-${i}`);
  const neighbour = names.find((name) => partitionOf(name) === partitionOf('rare-late')) ?? 'rare-late';
  return casesOf(neighbour).map((planned) => (nowMs) => {
    let at = nowMs;
    return planned.map(({ afterMs = 0, ...event }) => {
      at += Math.max(0, afterMs);
      return { ...event, timestamp: at + Math.min(0, afterMs) };
    });
  });
}

/** A visit under one session id: twice, more than a day apart, it is two. */
export const visitAgain = (timestamp: number): OracleEvent => ({
  name: 'page_view',
  event_id: `rare-again-${timestamp}`,
  user_id: 'rare-again',
  session_id: 'rare-s',
  timestamp,
});

/** Still lies in a cart when the import ends. */
export const openedInImport = (timestamp: number): OracleEvent => ({
  name: 'add_to_cart',
  event_id: 'rare-imported',
  user_id: 'rare-imported',
  items: [{ item_id: 'i1', price: 3 }],
  timestamp,
});
