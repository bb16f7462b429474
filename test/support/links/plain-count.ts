import type { Kind, Person } from './people.ts';
import type { Visit } from './visits.ts';

const SESSION_GAP = 30 * 60_000;
const isRefund = ({ name }: Visit): boolean => name === 'refund';
const nameOf = ({ user_id, anonymous_id }: Visit): string => user_id ?? anonymous_id ?? '';

const STAGES = ['view_item', 'add_to_cart', 'begin_checkout', 'purchase'];

interface Session {
  first: number;
  newest: number;
  events: number;
  /** It begins with a page or an item that was seen. */
  isView: boolean;
  /** Stages of the funnel `shop` that were reached. */
  reached: number;
  bought: boolean;
  readonly channel: string;
  /** Its visitor had bought before it began. */
  readonly returns: boolean;
}

/** What is open of a name. */
interface Open {
  session: Session | undefined;
  newest: number;
  /** Lines of the cart: what they come to, in cents. */
  cart: number | undefined;
  touch: string | undefined;
  /** When they bought first. */
  firstOrder: number;
}

/** Numbers by what they count. */
export type Sums = Record<string, number>;

/** What is to be said about carts that are left: whose, and what lies in it. */
export interface Left {
  readonly user: string;
  readonly cents: number;
}

/** All events at once, in their order, with the truth of who is who; by the words of the contract alone. */
export class PlainCount {
  readonly sums: Sums = {};
  readonly left: Left[] = [];
  /** Carts of guests who came back before it was known that they had signed in: theirs may have been one with the one before. */
  doubtful = 0;
  private readonly sessions = new Set<Session>();
  private readonly open = new Map<string, Open>();

  constructor(persons: readonly Person[]) {
    for (const person of persons) this.person(person);
    for (const { first, newest, events, isView, reached, bought, returns } of this.sessions) {
      this.add('sessions');
      this.add(returns ? 'sessions|returning' : 'sessions|new');
      this.add('bounces', events === 1 && isView ? 1 : 0);
      this.add('session_ms', newest - first);
      this.add('purchasing', bought ? 1 : 0);
      this.add('funnel:visit');
      for (const stage of STAGES.slice(0, reached)) this.add(`funnel:${stage}`);
    }
  }

  private add(what: string, by = 1): void {
    this.sums[what] = (this.sums[what] ?? 0) + by;
  }

  private person({ kind, user, guests, visits, refunds }: Person): void {
    this.add('new_users');
    let named: string | undefined;
    const acted = new Set<string>();
    for (const one of visits) {
      const { user_id, anonymous_id } = one;
      if (user_id !== undefined && anonymous_id !== undefined) {
        if (named !== anonymous_id || acted.has(anonymous_id)) this.link(anonymous_id, user_id);
        named = anonymous_id;
        acted.delete(anonymous_id);
      }
      const name = nameOf(one);
      if (user_id === undefined) acted.add(name);
      if (one.name !== 'identify') this.visit(one, name);
    }
    this.orders(visits, [...visits.filter(isRefund), ...refunds]);
    if (kind === 'reported twice') this.link(guests[0], user);
    this.refunders([...visits, ...refunds]);
    for (const one of refunds) this.visit(one, nameOf(one));
    this.users(kind, user, visits, refunds);
    if (kind === 'comes back') this.doubtful += 1;
    for (const name of [user, ...guests]) {
      const cents = this.openOf(name).cart;
      if (cents === undefined) continue;
      this.add('abandoned');
      this.add('abandoned_value', cents);
      this.left.push({ user: name, cents });
    }
  }

  /** Each counts once an hour and once a day, at each stage; what a guest does who has signed in is somebody else's until the next time. */
  private users(kind: Kind, user: string, visits: readonly Visit[], refunds: readonly Visit[]): void {
    const counted = new Set<string>();
    const count = ({ name, timestamp }: Visit, who: string): void => {
      for (const stage of ['visit', ...STAGES.filter((one) => one === name)])
        for (const window of [`hour ${Math.floor(timestamp / 3_600_000)}`, `day ${Math.floor(timestamp / 86_400_000)}`])
          counted.add(JSON.stringify([window, stage, who]));
    };
    for (const one of visits)
      if (one.name !== 'identify') count(one, nameOf(one).startsWith('office') ? nameOf(one) : user);
    for (const one of refunds) count(one, one.user_id === undefined && kind === 'guest' ? user : nameOf(one));
    for (const one of counted) {
      const [window = '', stage] = JSON.parse(one);
      this.add(`users ${window.split(' ')[0]}:${stage}`);
    }
  }

  /** Who does nothing but refund is somebody new. */
  private refunders(visits: readonly Visit[]): void {
    const [refunds, others] = [visits.filter(isRefund), visits.filter((one) => !isRefund(one))];
    const known = new Set(others.flatMap(({ user_id = '', anonymous_id = '' }) => [user_id, anonymous_id]));
    this.add('new_users', new Set(refunds.map(nameOf).filter((name) => !known.has(name))).size);
  }

  /** An order counts once: the fuller report stays. */
  private orders(visits: readonly Visit[], refunds: readonly Visit[]): void {
    const reports = visits.filter(({ name }) => name === 'purchase');
    const stays = reports.find(({ items = [] }) => items.length > 0) ?? reports[0];
    if (stays === undefined) return;
    this.add('taken_back', reports.length - 1);
    const { items = [], value } = stays;
    const cents =
      value === undefined ? items.reduce((sum, { price = 0 }) => sum + price * 100, 0) : Number(value) * 100;
    for (const where of ['', `|${stays['city']}`, `|${this.channels.get(stays.event_id)}`]) {
      this.add(`orders${where}`);
      this.add(`revenue${where}`, cents);
      this.add(`units${where}`, items.length * 1_000);
    }
    for (const { item_id } of items) this.add(`bought|${item_id}`);
    // One without a value is of all that is left.
    const asked = refunds.reduce((sum, refund) => sum + Number(refund['value'] ?? cents) * 100, 0);
    this.add('refunds', Math.min(asked, cents));
  }

  private readonly channels = new Map<string, string>();

  private openOf(name: string): Open {
    const known = this.open.get(name);
    if (known !== undefined) return known;
    const made = {
      session: undefined,
      newest: 0,
      cart: undefined,
      touch: undefined,
      firstOrder: Number.POSITIVE_INFINITY,
    };
    this.open.set(name, made);
    return made;
  }

  private link(guest: string, user: string): void {
    const [from, to] = [this.openOf(guest), this.openOf(user)];
    to.newest = Math.max(to.newest, from.newest);
    to.touch ??= from.touch;
    to.firstOrder = Math.min(to.firstOrder, from.firstOrder);
    to.session = this.joined(from.session, to.session);
    if (from.cart !== undefined) {
      if (to.cart !== undefined) this.add('emptied');
      to.cart = (to.cart ?? 0) + from.cart;
    }
    const { touch, firstOrder } = from;
    this.open.set(guest, { session: undefined, newest: 0, cart: undefined, touch, firstOrder });
  }

  private joined(a: Session | undefined, b: Session | undefined): Session | undefined {
    if (a === undefined || b === undefined) return a ?? b;
    const [before, after] = a.first <= b.first ? [a, b] : [b, a];
    if (after.first - Math.min(a.newest, b.newest) > SESSION_GAP) return a.newest >= b.newest ? a : b;
    before.newest = Math.max(a.newest, b.newest);
    before.events += after.events;
    before.reached = Math.max(a.reached, b.reached);
    before.bought = a.bought || b.bought;
    this.sessions.delete(after);
    return before;
  }

  private visit(one: Visit, name: string): void {
    const open = this.openOf(name);
    this.add('events');
    const channel = one['page_referrer'] === undefined ? undefined : 'Organic Search';
    open.touch = channel ?? open.touch;
    const goesOn = open.session !== undefined && one.timestamp - open.newest <= SESSION_GAP;
    const session: Session = (goesOn ? open.session : undefined) ?? {
      first: one.timestamp,
      newest: one.timestamp,
      events: 0,
      isView: one.name === 'page_view' || one.name === 'view_item',
      reached: 0,
      bought: false,
      channel: open.touch ?? 'Direct',
      returns: open.firstOrder < one.timestamp,
    };
    this.sessions.add(session);
    open.session = session;
    open.newest = Math.max(open.newest, one.timestamp);
    session.newest = Math.max(session.newest, one.timestamp);
    session.events += 1;
    if (one.name === STAGES[session.reached]) session.reached += 1;
    if (one.name === 'purchase') {
      session.bought = true;
      open.firstOrder = Math.min(open.firstOrder, one.timestamp);
    }
    this.channels.set(one.event_id, session.channel);
    this.cart(one, open);
  }

  private cart(one: Visit, open: Open): void {
    if (one.name === 'add_to_cart') {
      if (open.cart === undefined) this.add('opened');
      open.cart = (open.cart ?? 0) + (one.items ?? []).reduce((sum, { price = 0 }) => sum + price * 100, 0);
    }
    if (one.name !== 'purchase' || open.cart === undefined) return;
    this.add('purchased');
    open.cart = undefined;
  }
}
