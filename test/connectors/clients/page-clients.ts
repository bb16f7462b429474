import { readFileSync } from 'node:fs';
import type { PageClient } from './in-pages.ts';
import { ga4, segmentOf } from './steps.ts';
import type { Step } from './visits.ts';

const segmentCall = (step: Step, isText: boolean): readonly unknown[] => {
  if (step.does === 'page') return ['page'];
  const { event, properties } = segmentOf(step, isText);
  return ['track', event, properties];
};

/** Segment's analytics.js, with its settings in the page: nothing is asked of Segment. */
export const analyticsJs: PageClient = {
  module: '@segment/analytics-next',
  script: `
    const { host, protocol } = new URL(url);
    const settings = { apiKey: key, apiHost: host + '/v1', protocol: protocol.slice(0, -1) };
    const analytics = client.AnalyticsBrowser.load({
      writeKey: key,
      cdnSettings: { integrations: { 'Segment.io': settings } },
    });
    analytics.setAnonymousId(visitor);
    return { know: (user) => analytics.identify(user), send: (call, ...rest) => analytics[call](...rest) };`,
  call: segmentCall,
};

/** RudderStack's client for browsers, with its settings in the page as well. */
export const rudderJs: PageClient = {
  module: '@rudderstack/analytics-js/bundled',
  script: `
    const analytics = new client.RudderAnalytics();
    const source = { id: 'shop', name: 'shop', enabled: true, config: {}, destinations: [] };
    analytics.setAnonymousId(visitor);
    analytics.load(key, url, { getSourceConfig: () => ({ source }), plugins: ['XhrQueue'], sendAdblockPage: false });
    return { know: (user) => analytics.identify(user), send: (call, ...rest) => analytics[call](...rest) };`,
  call: segmentCall,
};

const ga4Call = (step: Step, isText: boolean): readonly unknown[] => {
  const { name, params } = ga4(step);
  const items = params.items?.map((line) => ({ ...line, price: isText ? line.price?.toFixed(2) : line.price }));
  return [name, { ...params, ...(items !== undefined && { items }) }];
};

/** The project's own, as a page pastes it; it sends page views by itself. */
export const snippet: PageClient = {
  isInOrder: true,
  script: `
    localStorage.setItem('cartpulse', visitor);
    window.cartpulse = function () { (cartpulse.q = cartpulse.q || []).push(arguments); };
    const script = Object.assign(document.createElement('script'), { async: true, src: url + '/cartpulse.js' });
    script.dataset.key = key;
    document.head.append(script);
    return { know: (user) => cartpulse('user', user), send: (...call) => cartpulse(...call) };`,
  call: (step, isText) => (step.does === 'page' ? undefined : ga4Call(step, isText)),
};

/** The project's own package, in code of the page's own. */
export const sdkInPage: PageClient = {
  module: '../../../sdk/src/browser.ts',
  isInOrder: true,
  script: `
    localStorage.setItem('cartpulse', visitor);
    const { track, user } = client.createClient({ url, key });
    return { know: user, send: track };`,
  call: ga4Call,
};

/** gtag's own script, which no package has and nobody but Google may pass on: a file of it, for the measurement id in it. */
export function gtagJs(path: string): PageClient {
  const library = readFileSync(path, 'utf8');
  const [, id] = /"(G-[A-Z0-9]+)"/.exec(library) ?? [];
  return {
    library,
    asks: ['www.googletagmanager.com'],
    script: `
      window.dataLayer = window.dataLayer || [];
      const gtag = function () { dataLayer.push(arguments); };
      gtag('js', new Date());
      const settings = { server_container_url: 'http://cartpulse.example', cartpulse_key: key, client_id: visitor };
      gtag('config', '${id}', settings);
      return { know: (user_id) => gtag('set', { user_id }), send: (...event) => gtag('event', ...event) };`,
    call: (step, isText) => (step.does === 'page' ? undefined : [...ga4Call(step, isText)]),
  };
}
