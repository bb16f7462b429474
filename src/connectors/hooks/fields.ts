import { Big } from 'big.js';
import { type Fields, isObject } from '../../events/forms/fields.ts';
import { amount, idText } from '../mapping.ts';

/** The list's objects; what is none of them is nothing to a hook. */
export function objectsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The amounts added up without the errors of binary fractions; what is no number counts nothing. */
export function sum(amounts: readonly unknown[]): number {
  return amounts.reduce((total: Big, one) => total.plus(finite(amount(one))), new Big(0)).toNumber();
}

const finite = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** Under which name pages write the visitor to a cart or an order; the second is one that shops do not show. */
const VISITOR_FIELDS: ReadonlySet<unknown> = new Set(['cartpulse_id', '_cartpulse_id']);

interface Who {
  /** Pairs of the shop's own fields. */
  readonly own: readonly (readonly [name: unknown, value: unknown])[];
  readonly cart?: unknown;
  readonly customer?: unknown;
}

/**
 * The visitor whom the page wrote into the order is the one that the page's events have; without one the cart's own name
 * holds cart, checkout and order together, and else it is the customer.
 */
export function visitor({ own, cart, customer }: Who): Fields {
  const written = own.find(([name, value]) => VISITOR_FIELDS.has(name) && idText(value) !== undefined)?.[1];
  const anonymous = idText(written) ?? idText(cart);
  return anonymous === undefined ? { user_id: idText(customer) } : { anonymous_id: anonymous };
}
