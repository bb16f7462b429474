import { Random } from '../../../src/simulator/random.ts';
import type { OracleEvent } from '../oracle/events.ts';

const MIN = 60_000;
const NAMES = [
  'page_view',
  'view_item',
  'view_item',
  'add_to_cart',
  'add_to_cart',
  'remove_from_cart',
  'begin_checkout',
  'purchase',
  'refund',
  'search',
  'search',
  'wheel_spun',
  'stock_update',
  'price_change',
];
/** By weight as well; some add up to what others take away, in decimals alone. */
const QUANTITIES = [1, 2, 3, 0.1, 0.2, 0.3, 1.85, 0.005];
const TERMS = ['Blue  Mug', 'blue mug', ' BLUE MUG', 'zebra', '  ', 'İstanbul'];
const PAYMENTS = ['card', 'gift|50%', 'invoice'];
const CITIES = ['Pune', 'Berlin', 'a|b:c', '__proto__', undefined];

const COUNTRIES = ['India', 'a=b', undefined, undefined, undefined];
const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  undefined,
  undefined,
  undefined,
];
const SHOP = 'https://shop.example/';
/** What orders say beside their worth. */
const PARTS = [
  { shipping: 4.95, tax: 1.005, discount: 2.675, coupon: 'SPRING' },
  { tax: 0.1, coupon: 'spring' },
  { shipping: 0, discount: 0.005 },
  { coupon: 'a|b:c' },
  { coupon: '(none)', discount: 3 },
];
/** Items change their minds; some lines name levels without those above them. */
const DESCRIPTIONS = [
  { item_category: 'Kitchen', item_category2: 'Mugs' },
  { item_category: 'Kitchen', item_category2: 'Mugs', item_category3: 'a|b:c', item_category5: '__proto__' },
  { item_category: 'Garden' },
  { item_category2: 'Mugs', item_brand: 'Fjell' },
  { item_category: '(none)', item_brand: '(none)' },
  { item_brand: 'Fjell', item_variant: 'blue' },
  { item_brand: 'Łódź', item_category: 'Kitchen\u001fGarden' },
];
/** Most events say nothing of what brought their visitor. */
const ORIGINS: readonly Partial<OracleEvent>[] = [
  ...Array.from({ length: 12 }, () => ({})),
  { page_location: SHOP },
  { page_location: SHOP, page_referrer: 'https://shop.example/cart' },
  { page_location: SHOP, page_referrer: 'https://www.paypal.com/checkoutnow' },
  {
    page_location: `${SHOP}?utm_source=news&utm_medium=email&utm_campaign=spring`,
    page_referrer: 'https://m.facebook.com/',
  },
  { page_location: `${SHOP}?utm_source=tiktok&utm_medium=paid` },
  { page_location: SHOP, page_referrer: 'https://www.google.com/' },
  { page_location: SHOP, page_referrer: 'https://m.facebook.com/' },
  { page_referrer: 'https://blog.example/post' },
  { gclid: 'abc' },
];

/**
 * Events as hard to count as they come: repeated ids and orders, late and equal timestamps, gaps of every length,
 * several currencies and cities, sessions with and without ids, carts of every ending, searches, stock and prices.
 * @param users how they are named, so that two logs may share none
 */
export function hostileEvents(count: number, seed: number, startMs: number, users = 'u'): OracleEvent[] {
  const random = new Random(seed);
  const events: OracleEvent[] = [];
  let now = startMs;
  for (let i = 0; i < count; i++) {
    now += pick(random, [
      0,
      0,
      1,
      500,
      20_000,
      2 * MIN,
      random.chance(0.02) ? 50 * MIN : 0,
      random.chance(0.004) ? 26 * 60 * MIN : 0,
    ]);
    if (events.length > 0 && random.chance(0.04)) {
      events.push(pick(random, events.slice(-40)));
      continue;
    }
    const user = `${users}${random.below(40)}`;
    const name = pick(random, NAMES);
    const late = random.chance(0.1) ? random.below(3 * 60) * MIN : 0;
    if (name === 'stock_update' || name === 'price_change') {
      events.push(inventory(random, name, `e${seed}-${i}`, now - late));
      continue;
    }
    const bought = name === 'refund' && random.chance(0.4) ? events.findLast((e) => e.name === 'purchase') : undefined;
    if (bought !== undefined) {
      const { value: _, ...order } = bought;
      const items = (random.chance(0.3) ? order.items?.slice(0, 1) : undefined) ?? [];
      // Every other one names the things alone, and not what they cost.
      const named = i % 2 === 0 ? items : items.map(({ price: _, discount: __, ...line }) => line);
      events.push({ ...order, event_id: `e${seed}-${i}`, name, timestamp: now - late, items: named });
      continue;
    }
    const session = pick(random, [undefined, `s${random.below(3)}`]);
    const city = pick(random, CITIES);
    const country = pick(random, COUNTRIES);
    const agent = pick(random, AGENTS);
    events.push({
      event_id: `e${seed}-${i}`,
      name,
      timestamp: now - late,
      user_id: user,
      ...(session !== undefined && { session_id: session }),
      ...(city !== undefined && { city }),
      ...(country !== undefined && { country }),
      ...(agent !== undefined && { user_agent: agent }),
      ...pick(random, ORIGINS),
      ...(random.chance(0.3) && { currency: pick(random, ['USD', 'EUR']) }),
      ...ownOrder(money(random, name, i), user),
      ...(name === 'search' && search(random)),
    });
  }
  return events.map((event, i) => ofNoLaterOrder(event, i, events));
}

/** An order that its visitor reports again with more, or with something else, has tests of its own: of these it says the same each time. */
export function reportedAlike(events: readonly OracleEvent[]): OracleEvent[] {
  const first = new Map<string, OracleEvent>();
  return events.map((event) => {
    if (event.name !== 'purchase') return event;
    const name = `${event.user_id} ${event.transaction_id}`;
    const order = first.get(name) ?? event;
    first.set(name, order);
    const { event_id, timestamp } = event;
    return { ...order, ...(event_id !== undefined && { event_id }), timestamp };
  });
}

function inventory(random: Random, name: string, eventId: string, timestamp: number): OracleEvent {
  const item = { event_id: eventId, name, timestamp, item_id: `i${random.below(12)}` };
  if (name === 'stock_update') return { ...item, stock_level: pick(random, [0, 0, 1, 3, 5, 6, 90]) };
  return { ...item, price: pick(random, [1.5, 2, 19.99]), ...(random.chance(0.3) && { currency: 'EUR' }) };
}

function search(random: Random) {
  const results = pick(random, [undefined, 0, 0, 7]);
  return { search_term: pick(random, TERMS), ...(results !== undefined && { results_count: results }) };
}

/** A refund that comes before its order is put right when that comes; these are of orders before them, or of none that ever comes. */
function ofNoLaterOrder(event: OracleEvent, at: number, events: readonly OracleEvent[]): OracleEvent {
  const { name, transaction_id } = event;
  const isOrder = (one: OracleEvent): boolean => one.name === 'purchase' && one.transaction_id === transaction_id;
  const isEarly = name === 'refund' && !events.slice(0, at).some(isOrder) && events.slice(at).some(isOrder);
  return isEarly ? { ...event, transaction_id: `${transaction_id}-never` } : event;
}

/** An order that two visitors report counts once; these are one visitor's each. */
function ownOrder<T extends { transaction_id?: string }>(said: T, user: string): T {
  return said.transaction_id === undefined ? said : { ...said, transaction_id: `${said.transaction_id}-${user}` };
}

function money(random: Random, name: string, i: number) {
  if (name === 'refund' && random.chance(0.6)) return { transaction_id: `t${random.below(i + 1) >> 2}` };
  const transaction =
    name === 'purchase' || name === 'refund' ? { transaction_id: `t${random.chance(0.2) ? i >> 4 : i >> 2}` } : {};
  const items = Array.from({ length: random.below(4) }, () => ({
    item_id: `i${random.below(12)}`,
    ...(random.chance(0.3) && { item_name: `name ${random.below(5)}` }),
    ...(random.chance(0.15) && pick(random, DESCRIPTIONS)),
    ...(random.chance(0.1) && { coupon: 'of a line' }),
    ...price(random),
    ...(random.chance(0.6) && { quantity: pick(random, QUANTITIES) }),
  }));
  const value =
    (name === 'purchase' || name === 'refund') && random.chance(0.3)
      ? { value: pick(random, [12.345, 99, 0.005]) }
      : {};
  const parts = name === 'purchase' && random.chance(0.4) ? pick(random, PARTS) : {};
  const paid = name === 'purchase' && random.chance(0.8) ? { payment_type: pick(random, PAYMENTS) } : {};
  return { ...transaction, ...value, ...paid, ...parts, items };
}

function price(random: Random) {
  if (random.chance(0.1)) return {};
  const price = pick(random, [1.005, 2.675, 19.99, 0.1, 3, 1.115]);
  return { price, ...(random.chance(0.1) && { discount: pick(random, [0.1, 0.05, 0]) }) };
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)] as T;
}
