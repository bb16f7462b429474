import { CartBook } from './cart-book.ts';
import { cents, DAY, HOUR, MIN, type OracleEvent, thousandths } from './events.ts';
import { describe } from './items.ts';
import type { Oracle } from './oracle.ts';
import { boughtByItem, centsByItem, lineCents, type Order, shares, takeFrom } from './refunds.ts';
import { termOf } from './terms.ts';
import { DIMENSIONS, LastTouches, namedBy, ofValue, type Values } from './values.ts';

const SESSION_GAP = 30 * MIN;
const DEDUPE = 15 * MIN;
const TRANSACTIONS = 30 * DAY;
const RETURN = 30 * DAY;

const FUNNELS = {
  shop: ['*', 'view_item', 'add_to_cart', 'begin_checkout', 'purchase'],
  quick: ['*', 'view_item', 'add_to_cart', 'purchase'],
  again: ['*', 'view_item', 'view_item', '*', 'purchase'],
} as const;
type FunnelName = keyof typeof FUNNELS;
const FUNNEL_NAMES = ['shop', 'quick', 'again'] as const;
const SCORES: Record<string, number> = { view_item: 1, add_to_cart: 3, begin_checkout: 5, purchase: 10 };
const COLUMNS: Record<string, string> = {
  view_item: 'views',
  add_to_cart: 'carts',
  remove_from_cart: 'removes',
  purchase: 'orders',
};

interface Session {
  readonly first: number;
  last: number;
  newest: number;
  lane: number;
  values: Values;
  named: Partial<Values>;
  readonly isNew: boolean;
  bought: boolean;
  /** One page or item view, and nothing else. */
  bounced: boolean;
  events: number;
  readonly reached: Record<FunnelName, number>;
  readonly reachedAt: Record<FunnelName, number>;
  searches: { term: string; at: number }[];
}

/** Live events of one partition, or those of one import: time, state and rules as the rules says them. */
export class Lane {
  now = Number.NEGATIVE_INFINITY;
  readonly book: CartBook;
  private readonly seen = new Map<string, number>();
  private readonly orders = new Map<string, Order>();
  private readonly newest = new Map<string, { ts: number; lane: number }>();
  private readonly sessions = new Map<string, Session>();
  private readonly known = new Map<string, number>();
  private readonly touches = new LastTouches();
  private readonly all: Oracle;
  private readonly partition: number;

  constructor(all: Oracle, partition: number, source = 'live') {
    this.all = all;
    this.partition = partition;
    this.book = new CartBook(all, source);
  }

  advance(to: number): void {
    this.now = Math.max(this.now, to);
    this.book.advance(this.now);
  }

  /** Is it a repeat of an event of the same owner within the window? */
  repeated(owner: string, id: string | undefined): boolean {
    const key = `${owner}\n${id}`;
    const before = this.seen.get(key);
    if (before !== undefined && this.now - before <= DEDUPE) return true;
    this.seen.set(key, this.now);
    return false;
  }

  feed(event: OracleEvent): boolean {
    const { all } = this;
    const user = event.user_id ?? '';
    const at = event.timestamp;
    this.advance(at);
    if (this.repeated(user, event.event_id)) {
      all.happened('duplicate event');
      return false;
    }
    const order = this.orders.get(`${user}\n${event.transaction_id}`);
    const known = order !== undefined && this.now - order.at <= TRANSACTIONS ? order : undefined;
    if (event.name === 'purchase' && known !== undefined) {
      all.happened('duplicate purchase');
      return false;
    }
    const { values } = this.session(event, user);
    all.ledger.addBoth(`name:${event.name}`, values, at);
    all.ledger.addBoth('events', values, at);
    all.ledger.addFor('score', values, at, SCORES[event.name] ?? 0);
    for (const stage of ['*', event.name]) {
      all.ledger.join(`user:${stage}`, at, user);
      for (const dimension of DIMENSIONS)
        all.ledger.join(ofValue(`user:${stage}`, dimension, values[dimension]), at, user);
    }
    if (at < this.now - HOUR) all.happened('event that came more than an hour late');
    this.items(event, values, user, known);
    this.book.event(event, values, user, this.newest.get(user)?.ts ?? at, this.now);
    return true;
  }

  private session(event: OracleEvent, user: string): Session {
    const { all } = this;
    const ts = event.timestamp;
    const known = this.newest.get(user);
    const newest = known !== undefined && this.now - known.lane <= DAY ? known.ts : undefined;
    const key = `${user}\n${event.session_id ?? ''}`;
    let session = this.sessions.get(key);
    if (session !== undefined) {
      const over = newest === undefined || this.now - session.lane > DAY || ts - session.newest > DAY;
      if (over || (event.session_id === undefined && ts - newest > SESSION_GAP)) {
        all.happened(
          event.session_id === undefined ? 'session cut by the gap' : 'session id that came again after a day',
        );
        session = undefined;
      }
    }
    this.newest.set(user, { ts: Math.max(newest ?? 0, ts), lane: this.now });
    if (session === undefined) {
      session = this.begin(user, namedBy(event), ts);
      this.sessions.set(key, session);
    } else this.name(session, namedBy(event));
    this.touches.note(user, namedBy(event), this.now);
    this.advanceSession(session, event, ts);
    return session;
  }

  private begin(user: string, named: Partial<Values>, ts: number): Session {
    const { ledger } = this.all;
    const unnamed = this.touches.unnamed(user, this.now);
    const values = { ...unnamed, ...named };
    if (named.channel === undefined && unnamed.channel !== 'Direct')
      this.all.happened('session of a visitor whom something brought before');
    ledger.addBoth('sessions', values, ts);
    const began = this.known.get(user);
    const isNew = began === undefined || this.now - began > RETURN;
    if (isNew) ledger.addBoth('new_users', values, ts);
    else this.all.happened('user who returned');
    this.known.set(user, this.now);
    const counts = { reached: { shop: 0, quick: 0, again: 0 }, reachedAt: { shop: ts, quick: ts, again: ts } };
    return {
      first: ts,
      last: ts,
      newest: ts,
      lane: this.now,
      values,
      named,
      isNew,
      bought: false,
      bounced: false,
      events: 0,
      ...counts,
      searches: [],
    };
  }

  /** What an event is the first of its session to name holds for all that is counted of the session. */
  private name(session: Session, named: Partial<Values>): void {
    const { ledger } = this.all;
    const before = session.values;
    const values = { ...before, ...named, ...session.named };
    session.named = { ...named, ...session.named };
    session.values = values;
    if (DIMENSIONS.every((dimension) => values[dimension] === before[dimension])) return;
    this.all.happened('session that named a value late');
    const counted: [string, number][] = [
      ['sessions', 1],
      ['bounces', session.bounced ? 1 : 0],
      ['session_ms', Math.max(0, session.last - session.first)],
      ['new_users', session.isNew ? 1 : 0],
      ['purchasing', session.bought ? 1 : 0],
    ];
    for (const funnel of FUNNEL_NAMES)
      for (let stage = 0; stage < session.reached[funnel]; stage++) counted.push([`closed:${funnel}:${stage}`, 1]);
    for (const [what, n] of counted) {
      ledger.addFor(what, before, session.first, -n);
      ledger.addFor(what, values, session.first, n);
    }
  }

  private advanceSession(session: Session, event: OracleEvent, ts: number): void {
    const { ledger } = this.all;
    const { first, values: city } = session;
    session.events += 1;
    if (event.name === 'purchase' && !session.bought) {
      session.bought = true;
      ledger.addBoth('purchasing', city, first);
    }
    const bounced = session.events === 1 && ['page_view', 'view_item'].includes(event.name);
    if (bounced !== session.bounced) ledger.addBoth('bounces', city, first, bounced ? 1 : -1);
    if (session.events === 1 && !bounced) this.all.happened('session that begins with more than a view');
    session.bounced = bounced;
    ledger.addBoth('session_ms', city, first, Math.max(0, ts - first) - Math.max(0, session.last - first));
    session.last = ts;
    session.newest = Math.max(session.newest, ts);
    session.lane = this.now;
    for (const funnel of FUNNEL_NAMES) {
      if (session.reached[funnel] === 0) this.reach(session, funnel, ts);
      const next = FUNNELS[funnel][session.reached[funnel]];
      if (next === event.name || next === '*') this.reach(session, funnel, ts);
    }
    this.search(session, event);
  }

  private reach(session: Session, funnel: FunnelName, ts: number): void {
    const { ledger } = this.all;
    const stage = session.reached[funnel];
    ledger.addBoth(`closed:${funnel}:${stage}`, session.values, session.first);
    if (stage > 0)
      ledger.note(`took:${funnel}:${stage}`, session.first, Math.max(0, ts - session.reachedAt[funnel]) / 1_000);
    session.reachedAt[funnel] = ts;
    session.reached[funnel] += 1;
  }

  /** Over all, and for what the session is counted by now. */
  private searched(what: string, { values }: Session, term: string, at: number): void {
    const { ledger } = this.all;
    ledger.add(`${what}:${term}`, at);
    for (const dimension of DIMENSIONS) ledger.add(`value-${what}:${dimension}=${values[dimension]}|${term}`, at);
  }

  private search(session: Session, event: OracleEvent): void {
    const term = termOf(event);
    if (event.name === 'search' && term !== '') {
      this.searched('search', session, term, event.timestamp);
      if (event.results_count === 0) this.searched('miss', session, term, event.timestamp);
      session.searches.push({ term, at: event.timestamp });
    }
    if (event.name !== 'view_item') return;
    for (const { term: searched, at } of session.searches) {
      this.searched('click', session, searched, at);
      this.all.happened('search that was followed');
    }
    session.searches = [];
  }

  private items(event: OracleEvent, city: Values, user: string, known: Order | undefined): void {
    const { ledger } = this.all;
    const currency = event.currency ?? 'USD';
    const at = event.timestamp;
    const lines = event.items ?? [];
    const column = COLUMNS[event.name];
    if (column !== undefined)
      for (const item of new Set(lines.map((line) => line.item_id))) ledger.add(`item:${column}|${item}`, at);
    for (const line of lines) describe(this.all, line, at, this.partition);
    const worth =
      event.value === undefined
        ? lines.reduce((sum, line) => sum + lineCents(line, event.value), 0)
        : cents(event.value);
    if (event.name === 'purchase') {
      this.orders.set(`${user}\n${event.transaction_id}`, {
        at: this.now,
        revenue: worth,
        currency,
        left: worth,
        leftOf: centsByItem(lines, event.value),
        bought: boughtByItem(lines, event.value),
      });
      ledger.addBoth('orders', city, at);
      ledger.addBoth(`orders:${currency}`, city, at);
      ledger.addBoth(`revenue:${currency}`, city, at, worth);
      this.parts(event, city, worth);
      ledger.addBoth(`paid:${event.payment_type ?? 'unknown'}`, city, at);
      ledger.addBoth(`paid_revenue:${currency}:${event.payment_type ?? 'unknown'}`, city, at, worth);
      for (const line of lines) {
        const sold = thousandths(line.quantity ?? 1);
        if (sold % 1_000 !== 0) this.all.happened('quantity with decimals that was bought');
        ledger.addBoth('units', city, at, sold);
        ledger.add(`item:units|${line.item_id}`, at, sold);
        ledger.add(`item:revenue:${currency}|${line.item_id}`, at, lineCents(line, event.value));
      }
    }
    if (event.name === 'refund') this.refund(event, city, worth, known);
  }

  /** What the order says beside its worth; of its discount and its coupon, what its lines say where it says nothing. */
  private parts(event: OracleEvent, city: Values, worth: number): void {
    const { ledger } = this.all;
    const { timestamp: at, currency = 'USD', items = [] } = event;
    let off = 0;
    for (const line of items) off += Math.round((line.discount ?? 0) * thousandths(line.quantity ?? 1));
    const discount = event.discount === undefined ? cents(off / 1_000) : cents(event.discount);
    ledger.addBoth(`shipping:${currency}`, city, at, cents(event.shipping ?? 0));
    ledger.addBoth(`tax:${currency}`, city, at, cents(event.tax ?? 0));
    ledger.addBoth(`discount:${currency}`, city, at, discount);
    const coupon = event.coupon ?? items.flatMap((line) => line.coupon ?? [])[0] ?? '(none)';
    ledger.add(`coupon:orders|${coupon}`, at);
    ledger.add(`coupon:revenue:${currency}|${coupon}`, at, worth);
    ledger.add(`coupon:discount:${currency}|${coupon}`, at, discount);
    if (event.coupon === undefined && coupon !== '(none)') this.all.happened('coupon that a line names');
  }

  /** Where it says no amount, the order does: all that is left, or what the named lines came to, in its own currency. */
  private refund(event: OracleEvent, city: Values, said: number, order: Order | undefined): void {
    const lines = event.items ?? [];
    const silent = event.value === undefined && lines.every(({ price }) => price === undefined);
    const whole = silent && lines.length === 0;
    if (whole) this.all.happened(order === undefined ? 'refund of an unknown order' : 'refund of a whole order');
    if (silent && order === undefined) return;
    const currency = silent ? (order?.currency ?? '') : (event.currency ?? 'USD');
    const items = silent && order !== undefined ? shares(lines, order) : centsByItem(lines, event.value);
    const worth = silent ? [...items.values()].reduce((sum, part) => sum + part, 0) : said;
    const give = (amount: number, parts: Iterable<[string, number]>): void => {
      this.all.ledger.addBoth(`refunds:${currency}`, city, event.timestamp, amount);
      for (const [item, part] of parts) this.all.ledger.add(`item:refunds:${currency}|${item}`, event.timestamp, part);
    };
    if (order === undefined || order.currency !== currency) {
      give(worth, items);
      return;
    }
    if (whole && order.left > 0 && order.left < order.revenue) this.all.happened('refund of what was left');
    const { amount, given, beyond } = takeFrom(order, whole ? 'all' : { worth, items, silent });
    if (beyond) this.all.happened('refund beyond what was paid');
    give(amount, given);
  }

  /** The import ended: what is still open goes on in the live lane, of which it shares no user here. */
  moveInto(live: Lane, arrived: number): void {
    live.advance(Number.isFinite(live.now) ? live.now : arrived);
    for (const [user, cart] of this.book.carts) {
      live.book.carts.set(user, cart);
      this.all.happened('cart moved from an import');
    }
    for (const [key, session] of this.sessions)
      live.sessions.set(key, { ...session, lane: Math.min(session.lane, live.now) });
    for (const [user, newest] of this.newest)
      live.newest.set(user, { ts: newest.ts, lane: Math.min(newest.lane, live.now) });
    for (const [key, order] of this.orders) live.orders.set(key, { ...order, at: Math.min(order.at, live.now) });
    for (const [user, touch] of this.touches.of)
      live.touches.of.set(user, { ...touch, at: Math.min(touch.at, live.now) });
    for (const [user, began] of this.known) live.known.set(user, Math.min(began, live.now));
    live.advance(live.now);
  }
}
