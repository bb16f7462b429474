import type { Random } from '../../../src/simulator/random.ts';
import { items, type Visit, visit, type Who } from './visits.ts';

export const KINDS = ['guest', 'user', 'signs in', 'has a cart', 'two guests', 'comes back', 'reported twice'] as const;
export type Kind = (typeof KINDS)[number];

/** One person, under all names that they have. */
export interface Person {
  readonly kind: Kind;
  readonly user: string;
  readonly guests: readonly [string, string];
  /** What they do, and refunds of their order while it is being reported. */
  readonly visits: readonly Visit[];
  /** Refunds when all is known, by anybody. */
  readonly refunds: readonly Visit[];
}

/** Minutes that lie between what a person does. */
const PACES = [0.1, 0.4, 1, 2];
const BREAK = 33;

/** What a person does, each a while after the one before. */
class Diary {
  readonly visits: Visit[] = [];
  private readonly random: Random;
  private readonly city: string;
  private atMin: number;

  constructor(random: Random, city: string) {
    this.random = random;
    this.city = city;
    this.atMin = random.below(6_000) / 1_000;
  }

  does(who: Who, name: string, more: Partial<Visit> = {}): void {
    this.atMin += PACES[this.random.below(PACES.length)] ?? 1;
    const at = Math.round(this.atMin * 60_000 + this.random.below(997)) / 60_000;
    this.visits.push(visit(at, who, name, { city: this.city, ...more }));
    this.atMin = at;
  }

  rests(): void {
    this.atMin += BREAK;
  }

  /** Looks, and puts something into a cart. */
  fills(who: Who, from?: string): void {
    if (this.random.chance(0.5)) this.does(who, 'page_view', from === undefined ? {} : { page_referrer: from });
    this.does(who, 'view_item', { ...items('mug'), ...(from !== undefined && { page_referrer: from }) });
    this.does(who, 'add_to_cart', items(...['mug', 'pen'].slice(0, 1 + this.random.below(2))));
  }

  buys(who: Who, transaction_id: string, more: Partial<Visit> = items('mug', 'pen')): void {
    this.does(who, 'purchase', { transaction_id, ...more });
  }
}

const GOOGLE = 'https://www.google.com/';

/** A person of a kind, whose order is named after them. */
function personOf(kind: Kind, name: string, random: Random): Person {
  const [user, ga, gb] = [`u-${name}`, `ga-${name}`, `gb-${name}`];
  const [asUser, asGuest, names] = [{ user }, { guest: ga }, { user, guest: ga }];
  const office = { user: `office-${name}` };
  const diary = new Diary(random, random.chance(0.5) ? 'Oslo' : 'Bergen');
  const mayRefund = (...by: readonly Who[]): void => {
    if (!random.chance(0.4)) return;
    const amount = random.chance(0.5) ? { value: 2 + random.below(7) } : {};
    diary.does(by[random.below(by.length)] ?? office, 'refund', { transaction_id: `t-${name}`, ...amount });
  };
  const signsIn = (): void => {
    diary.does(names, random.chance(0.3) ? 'identify' : 'page_view');
    for (let i = random.below(3); i > 0; i--) diary.does(random.chance(0.5) ? names : asUser, 'begin_checkout');
  };
  const mayBuy = (): void => {
    if (!random.chance(0.6)) return;
    diary.buys(random.chance(0.5) ? names : asUser, `t-${name}`);
    mayRefund(office);
  };
  const acts: Record<Kind, () => void> = {
    guest: () => diary.fills(asGuest, GOOGLE),
    user: () => {
      diary.fills(asUser);
      if (random.chance(0.5)) diary.buys(asUser, `t-${name}`);
    },
    'signs in': () => {
      diary.fills(asGuest, GOOGLE);
      if (random.chance(0.2)) diary.rests();
      if (random.chance(0.2)) diary.buys(names, `t-${name}`);
      else {
        signsIn();
        mayBuy();
      }
    },
    'has a cart': () => {
      diary.fills(asUser);
      diary.fills(asGuest, GOOGLE);
      signsIn();
      mayBuy();
    },
    'two guests': () => {
      diary.fills(asGuest, GOOGLE);
      diary.fills({ guest: gb });
      signsIn();
      diary.does({ user, guest: gb }, 'page_view');
      mayBuy();
    },
    'comes back': () => {
      diary.fills(asGuest, GOOGLE);
      signsIn();
      diary.fills(asGuest);
      // Not `identify`: a session is as long as its last event in the log's order says, and between partitions there is none.
      diary.does(names, 'page_view');
      mayBuy();
    },
    'reported twice': () => {
      diary.fills(asGuest, GOOGLE);
      const isBrowserFuller = random.chance(0.5);
      const [full, bare] = [items('mug', 'pen'), { value: 9 + random.below(3) }];
      if (random.chance(0.2)) mayRefund(office);
      diary.buys(asGuest, `t-${name}`, isBrowserFuller ? full : bare);
      // Later the guest may be the user, or not yet.
      mayRefund(asGuest, office);
      diary.buys(asUser, `t-${name}`, isBrowserFuller ? bare : full);
      mayRefund(asUser, office);
      mayRefund(asUser, office);
    },
  };
  acts[kind]();
  const { visits } = diary;
  const hasOrder = visits.some(({ name: what }) => what === 'purchase');
  const refunders = [office, asUser, asGuest];
  return { kind, user, guests: [ga, gb], visits, refunds: hasOrder ? refundsOf(`t-${name}`, refunders, random) : [] };
}

/** Nothing, all, or twice a part, which may be more than was paid. */
function refundsOf(transaction_id: string, refunders: readonly Who[], random: Random): Visit[] {
  const by = (atMin: number, more: Partial<Visit> = {}): Visit =>
    visit(atMin, refunders[random.below(refunders.length)] ?? {}, 'refund', { transaction_id, ...more });
  const some: readonly (() => Visit[])[] = [
    () => [],
    () => [by(200)],
    () => [by(200, { value: 3 }), by(201, { value: 4 })],
    () => [by(200, { value: 8 }), by(201)],
  ];
  return some[random.below(some.length)]?.() ?? [];
}

const minutesBetween = (a: Visit, b: Visit): number => (b.timestamp - a.timestamp) / 60_000;

/** Persons of every kind, and what all of them do in its order; some of it is sent twice. */
export function people(count: number, random: Random): { persons: Person[]; visits: Visit[]; repeats: number } {
  const persons = Array.from({ length: count }, (_, i) =>
    personOf(KINDS[i % KINDS.length] ?? 'user', `${i}-${random.below(1_000)}`, random),
  );
  const visits = persons.flatMap((person) => person.visits).sort((a, b) => a.timestamp - b.timestamp);
  // Within the time in which a repeat is known as one.
  const isSoon = (one: Visit, place: number): boolean => minutesBetween(one, visits[place] ?? one) < 14;
  const again = visits.flatMap((one, i) => {
    const place = i + random.below(6);
    return random.chance(0.08) && isSoon(one, place) ? [{ one, place }] : [];
  });
  const sent = visits.flatMap((one, i) => [one, ...again.flatMap((of) => (of.place === i ? [of.one] : []))]);
  return { persons, visits: sent, repeats: sent.length - visits.length };
}
