import { type Fields, isObject } from '../../events/forms/fields.ts';
import { shortHash } from '../../events/ids/short-hash.ts';
import { parsedJson } from '../../events/json-text.ts';
import { RUNNING_SESSION } from '../../events/running-session.ts';
import { MAX_LENGTH } from '../../events/schema.ts';
import type { Connector, Endpoint, Envelope, Mapped, Reading } from '../connector.ts';
import { eventName, given, idText, listRead, mappedBy } from '../mapping.ts';
import { CANCELLED, MESSAGE, NAMES, OF_ONE_PRODUCT, PAGE, PRODUCT, TRACK } from './names.ts';

const TYPES = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'batch'] as const;
/** They say who somebody is: two names of one person link them, and nothing else of that is counted. */
const WHO: ReadonlySet<unknown> = new Set(['identify', 'group', 'alias']);

/** Segment's HTTP API, as its clients and RudderStack's send to it. */
export const segment: Connector = {
  name: 'segment',
  endpoints: TYPES.flatMap((type): Endpoint[] => {
    const summary = type === 'batch' ? 'Send messages as Segment’s clients do' : `Send Segment’s ${type} message`;
    return [
      { method: 'post', path: `/v1/${type}`, summary },
      { method: 'post', path: `/v1/${type.charAt(0)}`, summary: `${summary}, as its browser client calls it` },
    ];
  }),
  keyOf: ({ header }) => basicUser(header('authorization')),
  keyPlace: 'as user of Basic authorization, or as `writeKey` of the body',
  isKeyInBody: true,
  read,
  success: { success: true },
  hasEventIds: true,
};

/** `Authorization: Basic` of the key as user, without a password. */
function basicUser(authorization: string | undefined): string | undefined {
  const packed = /^basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  return packed === undefined ? undefined : Buffer.from(packed, 'base64').toString('utf8').split(':')[0];
}

function read({ path }: Envelope, text: string): Reading {
  const body = parsedJson(text);
  if (!isObject(body)) return { outcome: 'unreadable', message: 'The body is no JSON object' };
  const key = typeof body['writeKey'] === 'string' ? body['writeKey'] : undefined;
  const type = typeOf(path);
  if (type !== 'batch') return listRead([{ ...body, type }], (message) => messageOf(message, body), key);
  const { batch } = body;
  if (!Array.isArray(batch)) return { outcome: 'unreadable', message: 'The body has no list `batch`' };
  return listRead<unknown>(batch, (sent) => (isObject(sent) ? messageOf(sent, body) : eventOf({})), key);
}

function typeOf(path: string): string | undefined {
  const last = path.split('/').at(-1);
  return TYPES.find((type) => type === last || type.charAt(0) === last);
}

function messageOf(message: Fields, body: Fields): Mapped {
  const { type, properties, context, previousId } = message;
  const fields = mappedBy(MESSAGE, message);
  if (WHO.has(type)) return linkOf(fields, type === 'alias' ? previousId : fields['anonymous_id'], message, body);
  const own = isObject(properties) ? properties : {};
  return eventOf(
    {
      ...fields,
      event_id: fittingId(fields['event_id']),
      // RudderStack's clients number them.
      session_id: idText(fields['session_id']) ?? RUNNING_SESSION,
      context,
      params: properties,
      ...(type === 'track' ? trackOf(message['event'], own) : pageOf(type, own)),
    },
    message['sentAt'] ?? body['sentAt'],
  );
}

function linkOf(fields: Fields, previous: unknown, message: Fields, body: Fields): Mapped {
  const { event_id, timestamp } = fields;
  // Shops number their customers.
  const [user, guest] = [idText(fields['user_id']), idText(previous)];
  if (user === undefined || guest === undefined || guest === user) return { outcome: 'ignored' };
  const event = { name: 'identify', user_id: user, anonymous_id: guest, event_id: fittingId(event_id), timestamp };
  return eventOf(event, message['sentAt'] ?? body['sentAt']);
}

function eventOf(event: Fields, sentAt?: unknown): Mapped {
  return { outcome: 'event', event: given(event), sentAt: sentAt ?? undefined };
}

function trackOf(event: unknown, properties: Fields): Fields {
  const sent = eventName(event);
  const name = NAMES.get(sent) ?? sent;
  const fields = mappedBy(TRACK, properties);
  if (CANCELLED.has(sent)) {
    const { transaction_id = properties['transaction_id'] } = fields;
    return { name: 'refund', transaction_id, params: undefined };
  }
  const items = linesOf(properties, OF_ONE_PRODUCT.has(name));
  // Where nothing else says what an order was worth, it is not lost.
  const value = fields['value'] ?? (items === undefined ? properties['total'] : undefined);
  return { ...fields, name, value, items };
}

/** A screen is an app's page. */
function pageOf(type: unknown, properties: Fields): Fields {
  return type === 'page' || type === 'screen' ? { ...mappedBy(PAGE, properties), name: 'page_view' } : {};
}

/** A list, or one product: alone in it, or what the properties themselves describe. */
function linesOf(properties: Fields, isOfOneProduct: boolean): unknown {
  const { products, product_id: id, productId, sku } = properties;
  if (Array.isArray(products)) return products.map((product: unknown) => lineOf(product));
  if (isObject(products)) return lineOf(products);
  const line = mappedBy(PRODUCT, properties);
  const isDescribed = isOfOneProduct
    ? (line['item_id'] ?? line['item_name']) !== undefined
    : (id ?? productId ?? sku) !== undefined;
  return isDescribed ? [line] : products;
}

const lineOf = (product: unknown): unknown =>
  isObject(product) ? { ...product, ...mappedBy(PRODUCT, product) } : product;

/** Some clients' ids are longer than ours; a hash tells repeats as well. */
function fittingId(id: unknown): unknown {
  return typeof id === 'string' && id.length > MAX_LENGTH.eventId ? shortHash([id]) : id;
}
