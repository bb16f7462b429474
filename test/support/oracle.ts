import kafkajs from 'kafkajs';

/**
 * A plain count of a log of live events, written from API.md alone: maps and loops, no windows, no buckets, no Redis.
 * Shares no code with src/.
 */
export interface OracleEvent {
  readonly event_id?: string;
  readonly name: string;
  readonly timestamp: number;
  readonly user_id?: string;
  readonly session_id?: string;
  readonly city?: string;
  readonly currency?: string;
  readonly value?: number;
  readonly items?: readonly { item_id: string; price?: number; quantity?: number }[];
  readonly transaction_id?: string;
  readonly item_id?: string;
}

const MIN = 60_000;
const SESSION_GAP = 30 * MIN;
const CART_TIMEOUT = 60 * MIN;
const DEDUPE = 15 * MIN;
const TRANSACTIONS = 30 * 24 * 60 * MIN;
const RECOVERY = 7 * 24 * 60 * MIN;
const DAY = 24 * 60 * MIN;

const FUNNELS = {
  shop: ['*', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase'],
  quick: ['*', 'view_item', 'add_to_cart', 'purchase'],
} as const;
const SCORES: Record<string, number> = { view_item: 1, add_to_cart: 3, begin_checkout: 5, purchase: 10 };

interface Session {
  first: number;
  last: number;
  newest: number;
  lane: number;
  city: string;
  events: number;
  reached: { shop: number; quick: number };
}

interface Cart {
  city: string;
  last: number;
  lines: Map<string, { quantity: number; price: number; currency: string }>;
  currency: string;
  abandonedAt: number | undefined;
  abandonedValue: number;
  idle: boolean;
}

type Counter = Map<string, number>;
const bump = (counter: Counter, key: string, by = 1): void => void counter.set(key, (counter.get(key) ?? 0) + by);

/** Cents, by decimal digits as written; half up. */
function cents(amount: number, quantity = 1): number {
  const [digits = '', exponent = '0'] = amount.toExponential().split('e');
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(whole + fraction) * BigInt(quantity);
  const power = Number(exponent) - fraction.length + 2;
  if (power >= 0) return Number(mantissa * 10n ** BigInt(power));
  const divisor = 10n ** BigInt(-power);
  return Number((mantissa * 2n + divisor) / (divisor * 2n));
}

export class Oracle {
  readonly frequencies: Counter = new Map();
  readonly cityFrequencies: Counter = new Map();
  readonly closed: Counter = new Map();
  readonly users = new Map<string, Set<string>>();
  readonly engagement: Counter = new Map();
  readonly products: Counter = new Map();
  readonly money: Counter = new Map();
  readonly cities: Counter = new Map();
  readonly carts: Counter = new Map();
  /** How often each special case occurred, so that a test can assert that it was covered. */
  readonly occurred: Counter = new Map();
  private readonly partitioner = kafkajs.Partitioners.DefaultPartitioner();
  private readonly partitions: Partition[];

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => new Partition(this));
  }

  partitionOf(key: string): number {
    const metadata = this.partitions.map((_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [],
      isr: [],
    }));
    return this.partitioner({ topic: 't', partitionMetadata: metadata, message: { key, value: null } });
  }

  /** Events in the order in which the log holds them. */
  feed(events: Iterable<OracleEvent>): void {
    for (const event of events) {
      if (event.name === 'stock_update' || event.name === 'price_change') {
        // Ids of the simulator are never repeated here, so inventory events need no duplicate check.
        bump(this.frequencies, event.name);
        continue;
      }
      this.partitions[this.partitionOf(event.user_id ?? '')]?.feed(event);
    }
  }

  /** Lane time went on to this moment in every partition. */
  tick(at: number): void {
    for (const partition of this.partitions) partition.advance(at);
  }
}

class Partition {
  private now = Number.NEGATIVE_INFINITY;
  private readonly seen = new Map<string, number>();
  private readonly orders = new Map<string, { at: number; revenue: number; currency: string }>();
  private readonly newest = new Map<string, { ts: number; lane: number }>();
  private readonly sessions = new Map<string, Session>();
  private readonly carts = new Map<string, Cart>();
  private readonly all: Oracle;

  constructor(all: Oracle) {
    this.all = all;
  }

  advance(to: number): void {
    this.now = Math.max(this.now, to);
    for (const cart of this.carts.values()) {
      if (cart.idle || cart.last + CART_TIMEOUT >= this.now) continue;
      cart.idle = true;
      if (cart.abandonedAt !== undefined) continue;
      cart.abandonedAt = cart.last + CART_TIMEOUT;
      cart.abandonedValue = 0;
      for (const line of cart.lines.values())
        if (line.currency === cart.currency) cart.abandonedValue += cents(line.price, line.quantity);
      this.cart('abandoned', cart);
      bump(this.all.carts, `abandoned_value:${cart.currency}`, cart.abandonedValue);
    }
  }

  private cart(what: string, cart: { city: string }): void {
    bump(this.all.carts, what);
    bump(this.all.carts, `${what}|${cart.city}`);
    bump(this.all.occurred, `cart ${what}`);
  }

  feed(event: OracleEvent): void {
    const { all } = this;
    const user = event.user_id ?? '';
    const city = event.city ?? 'unknown';
    const currency = event.currency ?? 'USD';
    this.advance(event.timestamp);
    const id = `${user}\n${event.event_id}`;
    const before = this.seen.get(id);
    if (before !== undefined && this.now - before <= DEDUPE) return void bump(all.occurred, 'duplicate event');
    this.seen.set(id, this.now);
    const order = this.orders.get(`${user}\n${event.transaction_id}`);
    const orderKnown = order !== undefined && this.now - order.at <= TRANSACTIONS;
    if (event.name === 'purchase' && orderKnown) return void bump(all.occurred, 'duplicate purchase');

    bump(all.frequencies, event.name);
    bump(all.cityFrequencies, `${event.name}|${city}`);
    bump(all.engagement, 'events');
    bump(all.cities, `events|${city}`);
    bump(all.cities, `score|${city}`, SCORES[event.name] ?? 0);
    for (const stage of ['*', event.name]) {
      for (const key of [stage, `${stage}|${city}`]) all.users.set(key, (all.users.get(key) ?? new Set()).add(user));
    }
    this.session(event, user, city);
    this.items(event, city, currency, user, order !== undefined && orderKnown ? order : undefined);
    this.cartEvent(event, user, city, currency);
  }

  private session(event: OracleEvent, user: string, city: string): void {
    const { all } = this;
    const ts = event.timestamp;
    const known = this.newest.get(user);
    const newest = known !== undefined && this.now - known.lane <= DAY ? known.ts : undefined;
    const key = `${user}\n${event.session_id ?? ''}`;
    let session = this.sessions.get(key);
    if (session !== undefined) {
      const over = newest === undefined || this.now - session.lane > DAY || ts - session.newest > DAY;
      if (over || (event.session_id === undefined && ts - newest > SESSION_GAP)) {
        bump(
          all.occurred,
          event.session_id === undefined ? 'session cut by the gap' : 'session id that came again after a day',
        );
        session = undefined;
      }
    }
    this.newest.set(user, { ts: Math.max(newest ?? 0, ts), lane: this.now });
    if (session === undefined) {
      session = { first: ts, last: ts, newest: ts, lane: this.now, city, events: 0, reached: { shop: 0, quick: 0 } };
      this.sessions.set(key, session);
      bump(all.engagement, 'sessions');
      bump(all.cities, `sessions|${city}`);
      bump(all.engagement, 'bounces');
    }
    session.events += 1;
    if (session.events === 2) bump(all.engagement, 'bounces', -1);
    bump(all.engagement, 'ms', Math.max(0, ts - session.first) - Math.max(0, session.last - session.first));
    session.last = ts;
    session.newest = Math.max(session.newest, ts);
    session.lane = this.now;
    for (const funnel of ['shop', 'quick'] as const) {
      const stages = FUNNELS[funnel];
      const reach = (): void => {
        bump(all.closed, `${funnel}|${session?.reached[funnel]}`);
        bump(all.closed, `${funnel}|${session?.reached[funnel]}|${session?.city}`);
        if (session) session.reached[funnel] += 1;
      };
      if (session.reached[funnel] === 0) reach();
      if (stages[session.reached[funnel]] === event.name) reach();
    }
  }

  private items(
    event: OracleEvent,
    city: string,
    currency: string,
    user: string,
    known: { revenue: number; currency: string } | undefined,
  ): void {
    const { all } = this;
    const lines = event.items ?? [];
    const column = { view_item: 'views', add_to_cart: 'carts', purchase: 'orders' }[event.name];
    if (column !== undefined)
      for (const item of new Set(lines.map((line) => line.item_id))) bump(all.products, `${column}|${item}`);
    const total = lines.reduce((sum, line) => sum + cents(line.price ?? 0, line.quantity ?? 1), 0);
    const worth = event.value === undefined ? total : cents(event.value);
    if (event.name === 'purchase') {
      this.orders.set(`${user}\n${event.transaction_id}`, { at: this.now, revenue: worth, currency });
      bump(all.money, 'orders');
      bump(all.money, `revenue|${currency}`, worth);
      bump(all.cities, `orders|${city}`);
      bump(all.cities, `revenue:${currency}|${city}`, worth);
      for (const line of lines) {
        bump(all.money, 'units', line.quantity ?? 1);
        bump(all.products, `units|${line.item_id}`, line.quantity ?? 1);
        bump(all.products, `revenue:${currency}|${line.item_id}`, cents(line.price ?? 0, line.quantity ?? 1));
      }
    }
    if (event.name === 'refund') {
      const whole = event.value === undefined && lines.length === 0;
      if (whole) bump(all.occurred, known === undefined ? 'refund of an unknown order' : 'refund of a whole order');
      // A whole order is refunded in its own currency.
      bump(
        all.money,
        `refunds|${whole ? (known?.currency ?? currency) : currency}`,
        whole ? (known?.revenue ?? 0) : worth,
      );
    }
  }

  private cartEvent(event: OracleEvent, user: string, city: string, currency: string): void {
    const { all } = this;
    const newest = this.newest.get(user)?.ts ?? event.timestamp;
    let cart = this.carts.get(user);
    if (cart?.idle && cart.abandonedAt !== undefined && this.now - cart.abandonedAt > RECOVERY) cart = undefined;
    if (event.name === 'add_to_cart') {
      if (cart === undefined) {
        cart = {
          city,
          last: newest,
          lines: new Map(),
          currency,
          abandonedAt: undefined,
          abandonedValue: 0,
          idle: false,
        };
        this.carts.set(user, cart);
        this.cart('opened', cart);
      } else if (cart.idle) bump(all.occurred, 'cart taken up again');
      cart.idle = false;
      for (const item of event.items ?? []) {
        const quantity = (cart.lines.get(item.item_id)?.quantity ?? 0) + (item.quantity ?? 1);
        cart.lines.set(item.item_id, { quantity, price: item.price ?? 0, currency });
      }
    }
    if (cart === undefined) return;
    if (event.name === 'remove_from_cart') {
      for (const item of event.items ?? []) {
        const line = cart.lines.get(item.item_id);
        if (line === undefined) continue;
        line.quantity -= item.quantity ?? 1;
        if (line.quantity <= 0) cart.lines.delete(item.item_id);
      }
      if (cart.lines.size === 0) {
        if (cart.abandonedAt === undefined) this.cart('emptied', cart);
        this.carts.delete(user);
        return;
      }
    }
    if (event.name === 'purchase') {
      if (cart.abandonedAt === undefined) this.cart('purchased', cart);
      else if (this.now - cart.abandonedAt <= RECOVERY) {
        this.cart('recovered', cart);
        bump(all.carts, `recovered_value:${cart.currency}`, cart.abandonedValue);
      }
      this.carts.delete(user);
      return;
    }
    cart.last = Math.max(cart.last, newest);
  }
}
