import { MAX_LENGTH } from '../../events/schema.ts';
import type { Dimension } from '../../metrics/dimension.ts';
import { FieldNames } from './field-names.ts';

/** The fields that a plainly good event may have, by number. */
export const FIELDS = {
  event_id: 0,
  name: 1,
  timestamp: 2,
  user_id: 3,
  session_id: 4,
  city: 5,
  country: 6,
  currency: 7,
  value: 8,
  items: 9,
  transaction_id: 10,
  payment_type: 11,
  search_term: 12,
  results_count: 13,
  store: 14,
  device: 15,
  user_agent: 16,
  page_location: 17,
  page_referrer: 18,
  utm_source: 19,
  utm_medium: 20,
  utm_campaign: 21,
  shipping: 22,
  tax: 23,
  discount: 24,
  coupon: 25,
  anonymous_id: 26,
} as const;
export const NAMES = new FieldNames(Object.keys(FIELDS));

/** The greatest length of each field's text in bytes, which are at least as many as its UTF-16 units. */
export const LONGEST: readonly number[] = Object.assign(
  new Array<number>(Object.keys(FIELDS).length).fill(MAX_LENGTH.id),
  {
    [FIELDS.event_id]: MAX_LENGTH.eventId,
    [FIELDS.name]: MAX_LENGTH.name,
    [FIELDS.payment_type]: MAX_LENGTH.paymentType,
    [FIELDS.search_term]: MAX_LENGTH.searchTerm,
    [FIELDS.store]: MAX_LENGTH.label,
    [FIELDS.device]: MAX_LENGTH.label,
    [FIELDS.user_agent]: MAX_LENGTH.title,
    [FIELDS.page_location]: MAX_LENGTH.link,
    [FIELDS.page_referrer]: MAX_LENGTH.link,
    [FIELDS.utm_source]: MAX_LENGTH.label,
    [FIELDS.utm_medium]: MAX_LENGTH.label,
    [FIELDS.utm_campaign]: MAX_LENGTH.label,
    [FIELDS.coupon]: MAX_LENGTH.label,
  },
);

export const bit = (field: number): number => 1 << field;
/** Fields that are a dimension's value as they stand. */
export const VALUES = [FIELDS.city, FIELDS.country, FIELDS.store];
/** Fields that what brought the visitor is told by; they stand behind one another in FIELDS. */
export const ORIGIN_FIELDS = ['page_location', 'page_referrer', 'utm_source', 'utm_medium', 'utm_campaign'] as const;
export const ORIGIN = ORIGIN_FIELDS.reduce((bits, field) => bits | bit(FIELDS[field]), 0);

/** What an order says beside its worth. */
export const PARTS = bit(FIELDS.shipping) | bit(FIELDS.tax) | bit(FIELDS.discount) | bit(FIELDS.coupon);

/** Fields that the scanner does not work out for these dimensions: it takes values as they stand, devices, and what brought the visitor. */
export function fieldsUnsure(dimensions: readonly Dimension[]): number {
  const known: ReadonlySet<string> = new Set(['city', 'country', 'store', 'device']);
  const numbers = new Map<string, number>(Object.entries(FIELDS));
  const worked: ReadonlySet<string> = new Set(ORIGIN_FIELDS);
  return dimensions
    .filter(({ name }) => !known.has(name))
    .flatMap(({ reads }) => reads.filter((field) => !worked.has(field)))
    .reduce((bits, field) => {
      const number = numbers.get(field);
      return number === undefined ? bits : bits | bit(number);
    }, 0);
}
