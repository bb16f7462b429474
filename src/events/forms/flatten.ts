import { SHOP_EVENT_NAMES } from '../names.ts';
import { FURTHER_FIELDS, shopEventSchema } from '../schema.ts';
import { type Fields, type Flat, isObject, valueAt } from './fields.ts';
import { fromOlderDataLayer, fromTransaction, type OlderEvent, SHOWN } from './older-data-layer.ts';

const KNOWN: ReadonlySet<string> = new Set(Object.keys(shopEventSchema.shape));
const NOWHERE: ReadonlyMap<string, string> = new Map();

/** Fields that `context` may hold in a place of its own, as Segment's clients write it. */
const IN_CONTEXT: readonly (readonly [field: string, ...path: string[]])[] = [
  ['page_location', 'page', 'url'],
  ['page_referrer', 'page', 'referrer'],
  ['user_agent', 'userAgent'],
  ['device', 'device', 'type'],
  ['utm_source', 'campaign', 'source'],
  ['utm_medium', 'campaign', 'medium'],
  ['utm_campaign', 'campaign', 'name'],
  ['utm_term', 'campaign', 'term'],
  ['utm_content', 'campaign', 'content'],
  ['utm_id', 'campaign', 'id'],
];

/**
 * The event's fields in one place: GA4's data layer says `event` and nests the shop's fields in `ecommerce`, its wire form has
 * `params`, Segment's clients a `context`. What stands beside them goes first.
 */
export function flatten(input: Fields): Flat {
  return isFlat(input) ? { fields: input, places: NOWHERE } : gather(input);
}

/** As nearly every event is: nothing is copied. */
function isFlat({ name, event, ecommerce, params, context, transactionId }: Fields): boolean {
  const isOnlyEvent = (name === undefined || name === null) && typeof event === 'string';
  const isNested = isObject(ecommerce) || isObject(params) || isObject(context);
  return !isOnlyEvent && !isNested && transactionId === undefined;
}

function gather(input: Fields): Flat {
  const { event, ecommerce, params, context, ...rest } = input;
  const fields: Fields = rest;
  const places = new Map<string, string>();
  const fill = (field: string, value: unknown, place: string): void => {
    if (value === undefined || (fields[field] !== undefined && fields[field] !== null)) return;
    fields[field] = value;
    places.set(field, place);
  };
  const said = rest['name'] ?? event;
  const older = fromOlder(rest, isObject(ecommerce) ? ecommerce : {}, said);
  // Beside it `event` says `addToCart`, or nothing at all; what was shown may come with any event.
  if (older !== undefined && !(SHOWN.has(older.action) && isShopName(said))) {
    fields['name'] = older.name;
    places.set('name', older.place);
  }
  if (typeof event === 'string') fill('name', event, 'event');
  for (const { field, value, place } of older?.found ?? []) fill(field, value, place);
  if (isObject(ecommerce)) fillKnown(ecommerce, 'ecommerce', fill);
  if (isObject(params)) fillKnown(params, 'params', fill);
  if (isObject(params)) fill('session_id', params['ga_session_id'], 'params.ga_session_id');
  if (isObject(context)) fillFromContext(context, fill);
  return { fields, places, itemNames: older?.itemNames, olderPlace: older?.place };
}

/** By what `ecommerce` says happened, else by an order beside it, else by what was shown. */
function fromOlder(sent: Fields, ecommerce: Fields, said: unknown): OlderEvent | undefined {
  const inside = ecommerce['items'] === undefined ? fromOlderDataLayer(ecommerce) : undefined;
  return inside !== undefined && !SHOWN.has(inside.action) ? inside : (fromOrder(sent, ecommerce, said) ?? inside);
}

/** Of another event an order in the data layer is one that was told before. */
const fromOrder = (sent: Fields, ecommerce: Fields, said: unknown) =>
  isShopName(said) && said !== 'purchase' && said !== 'refund' ? undefined : fromTransaction(sent, ecommerce, said);

const isShopName = (name: unknown): boolean => SHOP_EVENT_NAMES.some((known) => known === name);

type Fill = (field: string, value: unknown, place: string) => void;

function fillKnown(from: Fields, place: string, fill: Fill): void {
  for (const field of Object.keys(from))
    if (KNOWN.has(field) && field !== 'name') fill(field, from[field], `${place}.${field}`);
}

/** Clients fill it by themselves, also with nothing: whom no other page brought has the referrer `""`. */
function fillFromContext(context: Fields, fill: Fill): void {
  const take = (field: string, path: readonly string[]): void => {
    const value = valueAt(context, path);
    if (value !== '') fill(field, value, ['context', ...path].join('.'));
  };
  for (const [field, ...path] of IN_CONTEXT) take(field, path);
  for (const field of FURTHER_FIELDS) take(field, [field]);
}

const BESIDE = /^(gtm\.|_clear$)|^(user_id|anonymous_id|session_id|timestamp|event_id|sent_at)$/;

/** GA4's clearing push, which empties the data layer, and what Tag Manager says to itself (`gtm.js`, `gtm.dom` …): nothing happened. */
export function isNoEvent(input: Fields): boolean {
  const { event, name, ecommerce } = input;
  if (typeof event === 'string' && event.startsWith('gtm.') && name === undefined) return true;
  if (ecommerce !== null) return false;
  return Object.entries(input).every(
    ([field, value]) => field === 'ecommerce' || value === undefined || value === null || BESIDE.test(field),
  );
}
