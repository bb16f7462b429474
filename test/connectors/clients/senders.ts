import { createRequire } from 'node:module';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { z } from 'zod';
import type { EventFields } from '../../../sdk/src/events.ts';
import { createClient } from '../../../sdk/src/node.ts';
import { type Line, type Step, VISITS, writesText } from './visits.ts';

/** Sends what the shop's visitors do to a server, as one client does. @returns how many events it sent */
export type Sender = (url: string, key: string) => Promise<number>;

interface Who {
  readonly anonymousId: string;
  /** Where the visitor is known. */
  readonly userId?: string;
}

/** Every step in order, with what is known of the visitor by then. */
const STEPS = VISITS.flatMap(({ anonymousId, userId, steps }, visitor) => {
  const known = steps.findIndex(({ does }) => does === 'checkout');
  return steps.map((step, i) => {
    const who: Who = known >= 0 && i >= known ? { anonymousId, userId } : { anonymousId };
    return { step, who, visitor };
  });
});

const AT_ONCE = 100;

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
}

const ga4Line = ({ id, name, price, quantity }: Line) => ({ item_id: id, item_name: name, price, quantity });

/** In GA4's names, which are the project's own. */
function ga4(step: Step): { readonly name: string; readonly params: EventFields } {
  switch (step.does) {
    case 'page':
      return { name: 'page_view', params: { page_location: `https://shop.example${step.path}` } };
    case 'search':
      return { name: 'search', params: { search_term: step.term } };
    case 'view':
      return { name: 'view_item', params: { items: [ga4Line(step.line)] } };
    case 'add':
      return { name: 'add_to_cart', params: { items: [ga4Line(step.line)] } };
    case 'remove':
      return { name: 'remove_from_cart', params: { items: [ga4Line(step.line)] } };
    case 'checkout':
      return { name: 'begin_checkout', params: { items: step.lines.map(ga4Line) } };
    case 'order': {
      const { id: transaction_id, value, payment: payment_type, lines } = step;
      const order = transaction_id === undefined ? {} : { transaction_id };
      return { name: 'purchase', params: { ...order, value, payment_type, items: lines.map(ga4Line) } };
    }
  }
}

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, { method: 'POST', body, headers });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
}

/** What the others are compared with. */
export const plain: Sender = async (url, key) => {
  const events = STEPS.map(({ step, who: { anonymousId, userId } }) => {
    const { name, params } = ga4(step);
    return { name, ...params, anonymous_id: anonymousId, user_id: userId };
  });
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  for (const part of inParts(events)) await post(`${url}/v1/events`, JSON.stringify(part), headers);
  return events.length;
};

/** The project's own package. */
export const sdk: Sender = async (url, key) => {
  const client = createClient({ url, key, mostPerRequest: AT_ONCE });
  for (const { step, who } of STEPS) {
    const { name, params } = ga4(step);
    await client.track(name, {
      ...params,
      anonymous_id: who.anonymousId,
      ...(who.userId !== undefined && { user_id: who.userId }),
    });
  }
  if ((await client.close()) > 0) throw new Error('the package left events behind');
  return STEPS.length;
};

const segmentLine = ({ id, name, price, quantity }: Line, isText: boolean) => ({
  product_id: id,
  name,
  price: isText ? price.toFixed(2) : price,
  quantity,
});

/** In the names of Segment's e-commerce spec. */
function segmentOf(step: Exclude<Step, { does: 'page' }>, isText: boolean) {
  switch (step.does) {
    case 'search':
      return { event: 'Products Searched', properties: { query: step.term } };
    case 'view':
      return { event: 'Product Viewed', properties: segmentLine(step.line, isText) };
    case 'add':
      return { event: 'Product Added', properties: segmentLine(step.line, isText) };
    case 'remove':
      return { event: 'Product Removed', properties: segmentLine(step.line, isText) };
    case 'checkout':
      return {
        event: 'Checkout Started',
        properties: { products: step.lines.map((line) => segmentLine(line, isText)) },
      };
    case 'order': {
      const { id, value, payment, lines } = step;
      const products = lines.map((line) => segmentLine(line, isText));
      const order = id === undefined ? {} : { order_id: id };
      return { event: 'Order Completed', properties: { ...order, revenue: value, payment_method: payment, products } };
    }
  }
}

export const segment: Sender = async (url, key) => {
  const analytics = new Analytics({ writeKey: key, host: url, flushAt: AT_ONCE, flushInterval: 60_000 });
  const failed: unknown[] = [];
  analytics.on('error', (error) => failed.push(error));
  for (const part of inParts(STEPS)) {
    for (const { step, who, visitor } of part) {
      if (step.does === 'page') analytics.page({ ...who, properties: { url: `https://shop.example${step.path}` } });
      else analytics.track({ ...who, ...segmentOf(step, writesText(visitor)) });
    }
    await analytics.flush();
  }
  await analytics.closeAndFlush();
  if (failed.length > 0) throw new Error(`Segment's client failed: ${JSON.stringify(failed[0])}`);
  return STEPS.length;
};

export const rudder: Sender = async (url, key) => {
  const analytics = new RudderAnalytics(key, {
    dataPlaneUrl: url,
    flushAt: AT_ONCE,
    flushInterval: 60_000,
    logLevel: 'error',
  });
  for (const part of inParts(STEPS)) {
    for (const { step, who, visitor } of part) {
      if (step.does === 'page')
        analytics.page({ ...who, name: 'Home', properties: { url: `https://shop.example${step.path}` } });
      else analytics.track({ ...who, ...segmentOf(step, writesText(visitor)) });
    }
    await analytics.flush();
  }
  return STEPS.length;
};

export const measurementProtocol: Sender = async (url, key) => {
  for (const { step, who } of STEPS) {
    const body = JSON.stringify({ client_id: who.anonymousId, user_id: who.userId, events: [ga4(step)] });
    const response = await fetch(`${url}/mp/collect?measurement_id=G-1&api_secret=${key}`, { method: 'POST', body });
    if (!response.ok && response.status !== 400) throw new Error(`${response.status}`);
  }
  return STEPS.length;
};

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

const gtagLine = ({ id, name, price, quantity }: Line, isText: boolean): string =>
  [`id${id}`, `nm${name}`, `pr${isText ? `${price.toFixed(2).replace('.', ',')}` : price}`, `qt${quantity}`].join('~');

/** A line of gtag's body. What it sends beside (`_et`, `_ee`, `epn.…`) stands there as in a browser. */
function gtagLineOf(step: Step, isText: boolean): string {
  const parameters = new URLSearchParams({ en: ga4(step).name, _ee: '1', _et: '1213' });
  if (step.does === 'page') parameters.set('dl', `https://shop.example${step.path}`);
  if (step.does === 'search') parameters.set('ep.search_term', step.term);
  const lines = 'lines' in step ? step.lines : 'line' in step ? [step.line] : [];
  for (const [i, line] of lines.entries()) parameters.set(`pr${i + 1}`, gtagLine(line, isText));
  if (step.does === 'order') {
    if (step.id !== undefined) parameters.set('ep.transaction_id', step.id);
    parameters.set('epn.value', String(step.value));
    parameters.set('ep.payment_type', step.payment);
  }
  return parameters.toString();
}

/** As gtag sends it to a server container: what a visitor does within some seconds is one body of several lines. */
export const gtag: Sender = async (url, key) => {
  let sent = 0;
  for (const [visitor, { anonymousId }] of VISITS.entries()) {
    const own = STEPS.filter((one) => one.visitor === visitor);
    for (const isKnown of [false, true]) {
      const part = own.filter(({ who }) => (who.userId !== undefined) === isKnown);
      if (part.length === 0) continue;
      const shared = new URLSearchParams({
        v: '2',
        tid: 'G-XXXXXXX',
        _p: '1764400000000',
        gcd: '13l3l3l3l1l1',
        npa: '0',
        cid: anonymousId,
        ul: 'en-us',
        sr: '1920x1080',
        _s: isKnown ? '2' : '1',
        sid: '1764400000',
        sct: '1',
        seg: '1',
        cu: 'USD',
        'ep.cartpulse_key': key,
      });
      const userId = part[0]?.who.userId;
      if (userId !== undefined) shared.set('uid', userId);
      const automatic = isKnown ? [] : ['en=session_start&_ss=1&_fv=1', 'en=user_engagement&_et=4000'];
      const body = [...automatic, ...part.map(({ step }) => gtagLineOf(step, writesText(visitor)))].join('\r\n');
      const response = await fetch(`${url}/g/collect?${shared}`, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': 'text/plain;charset=UTF-8',
          'User-Agent': USER_AGENT,
          Origin: 'https://shop.example',
        },
      });
      if (response.status !== 204) throw new Error(`${response.status} ${await response.text()}`);
      sent += part.length;
    }
  }
  return sent;
};

const packageSchema = z.object({ version: z.string() });

export const versionOf = (name: string): string =>
  packageSchema.parse(createRequire(import.meta.url)(`${name}/package.json`)).version;
