import { afterAll, beforeAll, describe, test } from 'vitest';
import { openPages, type Pages } from '../../browser/shop-pages.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import type { Json } from '../../support/system/system.ts';
import { type PageClient, sendFromPages } from './in-pages.ts';
import { analyticsJs, gtagJs, rudderJs, sdkInPage, snippet } from './page-clients.ts';
import { plainAnswers, released, tryClient } from './tried.ts';

let redis: TestRedis;
let pages: Pages;
let expected: Json;
beforeAll(async () => {
  [redis, pages] = await Promise.all([startRedis(), openPages()]);
  expected = await plainAnswers(redis.url);
});
afterAll(async () => {
  await pages.close();
  await redis.close();
});

interface InPage {
  readonly way: string;
  readonly guide: string;
  readonly tried: string;
  readonly client: PageClient;
}

/** A file of gtag's own script, where somebody has one; without it, its recorded form is tried (`senders.ts`). */
const GTAG_JS = process.env['GTAG_JS'];

const CLIENTS: readonly InPage[] = [
  {
    way: 'Segment',
    guide: 'segment',
    tried: `${released('@segment/analytics-next')}, in Chromium`,
    client: analyticsJs,
  },
  {
    way: 'RudderStack',
    guide: 'segment',
    tried: `${released('@rudderstack/analytics-js')}, in Chromium`,
    client: rudderJs,
  },
  { way: 'Snippet', guide: 'snippet', tried: '`/cartpulse.js`, in Chromium', client: snippet },
  { way: 'Package', guide: 'snippet', tried: '`sdk/`, in Chromium', client: sdkInPage },
  ...(GTAG_JS === undefined
    ? []
    : [{ way: 'gtag', guide: 'gtag', tried: 'its own script, in Chromium (by hand)', client: gtagJs(GTAG_JS) }]),
];

describe('the same visitors of a shop, each in a browser whose pages have the client', () => {
  test.each(CLIENTS)(
    '$way, $tried: every answer is the same, and the table in the documents says what became of the events',
    async ({ way, guide, tried, client }) => {
      const sender = (url: string, key: string) => sendFromPages(pages, client, url, key);
      const environment = { PUBLIC_KEYS: `pk_shop@${pages.origin}` };
      await tryClient(redis.url, { way, guide, tried, sender, key: 'pk_shop' }, expected, environment);
    },
  );
});
