import { type Arrival, nextArrival } from './arrivals.ts';
import { Catalogue, CITIES, type City, type Product } from './catalogue.ts';
import { cumulate, Random } from './random.ts';

/** An event as clients send them. */
export type SimulatedEvent = Readonly<Record<string, unknown>> & { readonly name: string };

type Step = 'land' | 'list' | 'search' | 'view' | 'cart' | 'review' | 'checkout' | 'shipping' | 'payment' | 'buy';

interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly city: City;
  readonly arrival: Arrival;
  isNew: boolean;
  step: Step;
  product: Product;
  readonly basket: Map<Product, number>;
}

const CITY_WEIGHTS = cumulate(CITIES.map(({ weight }) => weight));
const PAYMENTS = ['card', 'card', 'card', 'paypal', 'upi', 'invoice'];
const TERMS = ['mug', 'Running Shoes', 'blue scarf', 'kettle', 'gift', 'headphones', 'zebra unicorn', 'lamp'];
const MAX_RETURNING_USERS = 20_000;

interface ShopOptions {
  readonly seed: number;
  /** Of the products, where they are those of another shop. */
  readonly catalogueSeed?: number;
  /** What its visitors, orders and events are named after. */
  readonly name?: string;
  readonly products?: number;
  /** Sessions that are under way side by side. */
  readonly sessions?: number;
}

/**
 * A believable shop: visitors look around, some buy, most leave
 * at one stage or another. The same seed gives the same events.
 */
export class Shop {
  private readonly random: Random;
  private readonly catalogue: Catalogue;
  private readonly sessions: Session[] = [];
  private readonly concurrentSessions: number;
  private readonly users: string[] = [];
  private readonly seed: number;
  private readonly name: string;
  private serial = 0;

  constructor({ seed, catalogueSeed, name = 'sim', products = 400, sessions = 60 }: ShopOptions) {
    this.seed = seed;
    this.name = name;
    this.random = new Random(seed);
    this.catalogue = new Catalogue(products, catalogueSeed === undefined ? this.random : new Random(catalogueSeed));
    this.concurrentSessions = sessions;
  }

  /** What happens next in the shop, at this moment: one event, or several that belong together. */
  next(nowMs: number, sessions = this.concurrentSessions): SimulatedEvent[] {
    if (this.random.chance(0.01)) return [this.stockOrPrice(nowMs)];
    if (this.sessions.length < sessions) this.sessions.push(this.beginSession());
    const index = this.random.below(this.sessions.length);
    const session = this.sessions[index];
    if (session === undefined) return [];
    const events = this.advance(session, nowMs);
    if (!this.stays(session)) this.sessions.splice(index, 1);
    return events;
  }

  private beginSession(): Session {
    const returning = this.users.length > 50 && this.random.chance(0.4);
    const userId = returning
      ? (this.users[this.random.below(this.users.length)] ?? `${this.name}-0`)
      : `${this.name}-${this.serial}`;
    if (!returning && this.users.length < MAX_RETURNING_USERS) this.users.push(userId);
    this.serial += 1;
    const city = CITIES[this.random.weighted(CITY_WEIGHTS)] ?? {
      name: 'Pune',
      country: 'IN',
      weight: 1,
      conversionFactor: 1,
    };
    const sessionId = `${userId}-s${this.serial}`;
    const product = this.catalogue.pick(this.random);
    const arrival = nextArrival(this.random);
    return { userId, sessionId, city, arrival, isNew: true, step: 'land', product, basket: new Map() };
  }

  /** Does the visitor stay? Drop-off differs by stage and by city. */
  private stays({ step, city }: Session): boolean {
    const stay = {
      land: 0.75,
      list: 0.8,
      search: 0.8,
      view: 0.72,
      cart: 0.7,
      review: 0.7,
      checkout: 0.75,
      shipping: 0.85,
      payment: 0.9,
      buy: 0.1,
    }[step];
    return this.random.chance(Math.min(0.97, stay * (0.7 + 0.3 * city.conversionFactor)));
  }

  private advance(session: Session, nowMs: number): SimulatedEvent[] {
    session.step = this.nextStep(session);
    const { product, basket } = session;
    switch (session.step) {
      case 'land':
        return [this.event(session, 'page_view', nowMs)];
      case 'list':
        return [this.event(session, 'view_item_list', nowMs)];
      case 'search':
        return [this.search(session, nowMs)];
      case 'view':
        session.product = this.catalogue.pick(this.random);
        return [this.event(session, 'view_item', nowMs, { items: [line(session.product, 1)] })];
      case 'cart':
        basket.set(product, (basket.get(product) ?? 0) + 1 + this.random.below(2));
        return [this.event(session, 'add_to_cart', nowMs, { items: [line(product, 1)] })];
      case 'review':
        return this.review(session, nowMs);
      case 'checkout':
        return [this.event(session, 'begin_checkout', nowMs, { items: lines(basket) })];
      case 'shipping':
        return [this.event(session, 'add_shipping_info', nowMs)];
      case 'payment':
        return [this.event(session, 'add_payment_info', nowMs, { payment_type: this.payment() })];
      case 'buy':
        return this.buy(session, nowMs);
    }
  }

  private nextStep({ step, basket, city }: Session): Step {
    const r = this.random.next();
    const ready = basket.size > 0;
    switch (step) {
      case 'land':
        return r < 0.35 ? 'search' : r < 0.6 ? 'list' : 'view';
      case 'list':
      case 'search':
        return 'view';
      case 'view':
        return r < 0.3 * city.conversionFactor ? 'cart' : r < 0.5 ? 'list' : 'view';
      case 'cart':
        return r < 0.4 ? 'review' : r < 0.65 ? 'view' : 'checkout';
      case 'review':
        return ready && r < 0.7 ? 'checkout' : 'view';
      case 'checkout':
        return 'shipping';
      case 'shipping':
        return 'payment';
      case 'payment':
        return 'buy';
      case 'buy':
        return 'land';
    }
  }

  private review(session: Session, nowMs: number): SimulatedEvent[] {
    const [first] = session.basket;
    if (first === undefined || !this.random.chance(0.3))
      return [this.event(session, 'view_cart', nowMs, { items: lines(session.basket) })];
    const [product, quantity] = first;
    session.basket.delete(product);
    return [this.event(session, 'remove_from_cart', nowMs, { items: [line(product, quantity)] })];
  }

  private buy(session: Session, nowMs: number): SimulatedEvent[] {
    const items = lines(session.basket);
    const transactionId = `T${this.seed}-${this.serial}-${session.sessionId}`;
    const purchase = this.event(session, 'purchase', nowMs, {
      items,
      transaction_id: transactionId,
      payment_type: this.payment(),
    });
    const updates = [...session.basket].map(([product, quantity]) => {
      product.stock = Math.max(0, product.stock - quantity);
      if (product.stock < 5 && this.random.chance(0.5)) product.stock += 100;
      return this.inventory('stock_update', product, nowMs, { stock_level: product.stock });
    });
    session.basket.clear();
    if (!this.random.chance(0.03)) return [purchase, ...updates];
    return [purchase, ...updates, this.event(session, 'refund', nowMs, { transaction_id: transactionId })];
  }

  private search(session: Session, nowMs: number): SimulatedEvent {
    const term = TERMS[this.random.below(TERMS.length)] ?? 'mug';
    return this.event(session, 'search', nowMs, {
      search_term: term,
      results_count: term.includes('unicorn') ? 0 : 1 + this.random.below(40),
    });
  }

  private payment(): string {
    return PAYMENTS[this.random.below(PAYMENTS.length)] ?? 'card';
  }

  private stockOrPrice(nowMs: number): SimulatedEvent {
    const product = this.catalogue.pick(this.random);
    if (this.random.chance(0.7)) {
      product.stock += 50;
      return this.inventory('stock_update', product, nowMs, { stock_level: product.stock });
    }
    product.price = Math.round(product.price * (0.85 + 0.3 * this.random.next()) * 100) / 100;
    return this.inventory('price_change', product, nowMs, { price: product.price });
  }

  private inventory(
    name: string,
    product: Product,
    nowMs: number,
    more: Readonly<Record<string, unknown>>,
  ): SimulatedEvent {
    return { event_id: this.eventId(), name, timestamp: nowMs, item_id: product.itemId, ...more };
  }

  private event(
    session: Session,
    name: string,
    nowMs: number,
    more: Readonly<Record<string, unknown>> = {},
  ): SimulatedEvent {
    const { userId, sessionId, city, arrival } = session;
    const origin = session.isNew ? arrival.origin : {};
    session.isNew = false;
    const base = { event_id: this.eventId(), name, timestamp: nowMs, user_id: userId, session_id: sessionId };
    return { ...base, city: city.name, country: city.country, device: arrival.device, ...origin, ...more };
  }

  private eventId(): string {
    return `${this.name}-${this.seed}-${this.random.next().toString(36).slice(2, 10)}${this.random.next().toString(36).slice(2, 10)}`;
  }
}

function line(product: Product, quantity: number) {
  const { itemId, name, category, brand, price } = product;
  return { item_id: itemId, item_name: name, item_category: category, item_brand: brand, price, quantity };
}

function lines(basket: ReadonlyMap<Product, number>) {
  return [...basket].map(([product, quantity]) => line(product, quantity));
}
