import { Big } from 'big.js';
import { type Fields, isObject } from '../../events/forms/fields.ts';
import { takeNumber } from '../../events/repairs/numbers.ts';
import { idSchema, isWithin, MAX_LENGTH } from '../../events/schema.ts';
import { amount, idText } from '../mapping.ts';

/** The list's objects; what is none of them is nothing to a hook. */
export function objectsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** In the place of an amount it has its event refused: a sale is never counted as nothing because of how it is written. */
export const NO_NUMBER = 'no number';

/** The amounts added up without the errors of binary fractions; those that are absent count nothing. */
export function sum(amounts: readonly unknown[]): number | typeof NO_NUMBER {
  let total = new Big(0);
  for (const one of amounts) {
    if (one === undefined || one === null || one === '') continue;
    const number = asNumber(one);
    if (number === undefined) return NO_NUMBER;
    total = total.plus(number);
  }
  return total.toNumber();
}

function asNumber(sent: unknown): number | undefined {
  const written = amount(sent);
  const taken = typeof written === 'string' ? takeNumber(written) : written;
  return typeof taken === 'number' && Number.isFinite(taken) ? taken : undefined;
}

/** The same with another sign, or none: what was paid back is written with either. */
export const backOf = (amounts: readonly unknown[], sign: (total: number) => number): number | typeof NO_NUMBER => {
  const total = sum(amounts);
  return total === NO_NUMBER ? total : sign(total);
};

/** Gateways' names are free texts; one that no event holds is not worth an order. */
export function paymentType(name: unknown): unknown {
  return typeof name === 'string' && !isWithin(name, MAX_LENGTH.paymentType) ? undefined : name;
}

/** The first that an event takes as an id: a line is not refused for a SKU that is too long, where its variant has one. */
export function firstId(...candidates: readonly unknown[]): string | undefined {
  return candidates.map(idText).find((id) => id !== undefined && idSchema.safeParse(id).success);
}

/** Lines of which nothing is left, such as those of edited orders, are none. */
export function linesOf(list: unknown): readonly Fields[] {
  return objectsIn(list).filter(({ quantity }) => quantity !== 0);
}

/** Under which name pages write the visitor to a cart or an order; the second is one that shops do not show. */
const VISITOR_FIELDS: ReadonlySet<unknown> = new Set(['cartpulse_id', '_cartpulse_id']);

interface Who {
  /** Pairs of the shop's own fields. */
  readonly own: readonly (readonly [name: unknown, value: unknown])[];
  readonly cart?: unknown;
  readonly customer?: readonly unknown[];
  /** Of whom nothing else is known is a visitor by themselves: orders of a till, or of drafts. */
  readonly order?: string | undefined;
}

/**
 * The visitor whom the page wrote into the order is the one that the page's events have; without one the cart's own name
 * holds cart, checkout and order together, and else it is the customer. A page can write anything: what is no id is not theirs.
 */
export function visitor({ own, cart, customer = [], order }: Who): Fields {
  const written = own.filter(([name]) => VISITOR_FIELDS.has(name)).map(([, value]) => value);
  const anonymous = firstId(...written, cart);
  const known = anonymous === undefined ? firstId(...customer) : undefined;
  if (known !== undefined) return { user_id: known };
  return { anonymous_id: anonymous ?? (order === undefined ? undefined : `anonymous-${order}`) };
}
