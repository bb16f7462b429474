import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { createClient } from '../../../sdk/src/node.ts';
import { ga4, type Sender, STEPS, segmentOf } from './steps.ts';
import { type Line, type Step, VISITS, writesText } from './visits.ts';

const AT_ONCE = 100;

function* inParts<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE);
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

/** What stands in every address, as its script of September 2025 has it. */
const GTAG_SHARED = {
  v: '2',
  tid: 'G-XXXXXXX',
  gtm: '45je59h0v800000000za200zd800000000',
  _p: '1764400000000',
  gcd: '13l3l3l3l1l1',
  npa: '0',
  dma: '0',
  ul: 'en-us',
  sr: '1920x1080',
  _fplc: '0',
  ur: 'NO-03',
  frm: '0',
  pscdl: 'noapi',
  'sst.tft': '1764400000000',
  'sst.navt': 'n',
  'sst.ude': '0',
  tag_exp: '101509157~103116026',
  sid: '1764400000',
  sct: '1',
  seg: '1',
  dt: 'Shop',
};

/** To a server container each event is an address that is asked for, or several of them are the lines of one body. */
function* gtagRequests(visitor: number, key: string): Generator<{ path: string; body?: string; events: number }> {
  const own = STEPS.filter((one) => one.visitor === visitor);
  for (const isKnown of [false, true]) {
    const part = own.filter(({ who }) => (who.userId !== undefined) === isKnown);
    const [first] = part;
    if (first === undefined) continue;
    const { anonymousId: cid, userId: uid } = first.who;
    const who = { cid, ...(uid !== undefined && { uid }), cu: 'USD', 'ep.cartpulse_key': key };
    const shared = new URLSearchParams({ ...GTAG_SHARED, ...who });
    const lines = part.map(({ step }) => gtagLineOf(step, writesText(visitor)));
    if (visitor % 2 === 0) for (const line of lines) yield { path: `${shared}&${line}&richsstsse`, events: 1 };
    else {
      const automatic = isKnown ? [] : ['en=session_start&_ss=1&_fv=1', 'en=user_engagement&_et=4000'];
      yield { path: `${shared}`, body: [...automatic, ...lines].join('\r\n'), events: lines.length };
    }
  }
}

export const gtag: Sender = async (url, key) => {
  let sent = 0;
  for (const visitor of VISITS.keys())
    for (const { path, body, events } of gtagRequests(visitor, key)) {
      const headers = { 'User-Agent': USER_AGENT, Origin: 'https://shop.example' };
      const init = body === undefined ? {} : { method: 'POST', body };
      const { status } = await fetch(`${url}/g/collect?${path}`, { ...init, headers });
      // A single event that is wrong is a request that is.
      if (status !== 204 && status !== 400) throw new Error(`/g/collect: ${status}`);
      sent += events;
    }
  return sent;
};
