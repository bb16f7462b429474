import type { Random } from '../../../src/simulator/random.ts';
import { minutes } from '../links/visits.ts';

/** An event as it stands on the wire. */
export interface Told {
  readonly event_id: string;
  readonly name: string;
  readonly timestamp: number;
  readonly transaction_id: string;
  readonly user_id?: string;
  readonly anonymous_id?: string;
  readonly session_id: string;
  readonly city: string;
  readonly value?: number;
  readonly payment_type?: string;
  readonly shipping?: number;
  readonly tax?: number;
  readonly coupon?: string;
  readonly items?: readonly Line[];
}

interface Line {
  readonly item_id: string;
  readonly price: number;
  readonly quantity: number;
}

/** What a report says beside who paid how much: lines, how it was paid, shipping and tax. */
interface Says {
  readonly lines: boolean;
  readonly payment: boolean;
  readonly parts: boolean;
}

/** An order of the shop, as several may report and refund it. */
export interface OrderScript {
  readonly id: string;
  readonly told: readonly Told[];
}

/** A person, under all the names that report their orders; some of it lies in one session. */
export interface Buyer {
  readonly orders: readonly OrderScript[];
  /** Who is erased on the way, behind how many of their events. */
  readonly erased: { readonly who: string; readonly behind: number } | undefined;
}

type Name = { readonly user_id?: string; readonly anonymous_id?: string };
type Some<T> = readonly [T, ...T[]];

let ids = 0;
const pick = <T>(random: Random, of: Some<T>): T => of[random.below(of.length)] ?? of[0];

/** The lines of an order are always the same ones, so that equal reports are equal. */
const LINES: readonly Line[] = [
  { item_id: 'mug', price: 5, quantity: 2 },
  { item_id: 'tea', price: 0.35, quantity: 0.5 },
];
const MUG: Line = { item_id: 'mug', price: 5, quantity: 1 };

export interface Traits {
  readonly isErased: boolean;
  /** May reports of several orders lie in one session? */
  readonly sharesSessions: boolean;
}

export function buyer(random: Random, { isErased, sharesSessions }: Traits): Buyer {
  const id = `${++ids}`;
  const [user_id, anonymous_id] = [`ann-${id}`, `g-${id}`];
  const names: Some<Name> = [{ user_id }, { anonymous_id }, { user_id, anonymous_id }, { user_id: `shop-${id}` }];
  const count = sharesSessions ? 2 : 1;
  const orders = Array.from({ length: count }, () => orderScript(random, names, { isErased, sharesSessions }));
  const told = orders.reduce((sum, order) => sum + order.told.length, 0);
  const erased = isErased
    ? { who: pick(random, [user_id, anonymous_id, `shop-${id}`]), behind: 1 + random.below(told) }
    : undefined;
  return { orders, erased };
}

function orderScript(random: Random, names: Some<Name>, { isErased, sharesSessions }: Traits): OrderScript {
  const id = `t${++ids}`;
  const ranks = new Set<number>();
  const reports = Array.from({ length: 1 + random.below(4) }, (): Told => {
    const says = { lines: random.chance(0.5), payment: random.chance(0.4), parts: random.chance(0.4) };
    return report(id, random, pick(random, names), says, sharesSessions);
  }).filter((one) => {
    // Which of two that say alike stays, their claims' order says: there it must not matter which.
    const isNew = !ranks.has(rankOf(one));
    ranks.add(rankOf(one));
    return isNew || !sharesSessions;
  });
  const refunders: Some<Name> = [...names, { user_id: 'office' }, { anonymous_id: `passer-by-${id}` }];
  const refunds = isErased ? [] : Array.from({ length: random.below(4) }, () => refund(id, random, refunders));
  return { id, told: [...reports, ...refunds].sort((a, b) => a.timestamp - b.timestamp) };
}

const at = (random: Random): number => minutes(random.below(600) / 10) + random.below(7);

function report(id: string, random: Random, who: Name, says: Says, sharesSessions: boolean): Told {
  const event_id = `p${++ids}`;
  const isShared = sharesSessions && random.chance(0.6);
  return {
    event_id,
    name: 'purchase',
    timestamp: at(random),
    transaction_id: id,
    ...who,
    session_id: isShared ? `of ${who.user_id ?? who.anonymous_id}` : event_id,
    city: sharesSessions ? 'anywhere' : `said ${rank(says)}`,
    ...(says.lines ? { items: LINES } : { value: 9 }),
    ...(says.payment && { payment_type: 'card' }),
    ...(says.parts && { shipping: 4, tax: 2, coupon: 'SPRING' }),
  };
}

/** How much a report says: lines count for more than how it was paid, and that for more than shipping and tax. */
const rank = ({ lines, payment, parts }: Says): number => (lines ? 4 : 0) + (payment ? 2 : 0) + (parts ? 1 : 0);

export const rankOf = ({ items, payment_type, shipping }: Told): number =>
  rank({ lines: items !== undefined, payment: payment_type !== undefined, parts: shipping !== undefined });

function refund(id: string, random: Random, refunders: Some<Name>): Told {
  const event_id = `r${++ids}`;
  const amount = pick<Partial<Told>>(random, [{}, { value: 1 + random.below(12) }, { items: [MUG] }, { value: 30 }]);
  const which = { name: 'refund', timestamp: at(random), transaction_id: id, session_id: event_id, city: 'refunds' };
  return { event_id, ...which, ...pick(random, refunders), ...amount };
}
