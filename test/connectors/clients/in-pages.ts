import type { Page, Request } from 'playwright-core';
import { expect } from 'vitest';
import { bundled, type Pages } from '../../browser/shop-pages.ts';
import type { Json } from '../../support/system/system.ts';
import { STEPS } from './steps.ts';
import { type Step, writesText } from './visits.ts';

/** A page of the shop in a real browser, which has one client loaded. */
export interface PageClient {
  /** Its module, as the shop bundles it; undefined where cartpulse itself serves it. */
  readonly module?: string;
  /** Its script as it is, where it is no module. */
  readonly library?: string;
  /** Hosts that it asks beside the shop and cartpulse. */
  readonly asks?: readonly string[];
  /** Its events go out in the order in which they happened, so that nothing has to be waited for in between. */
  readonly isInOrder?: boolean;
  /** The page's own script, given `client` (the module), `url`, `key` and `visitor`: what its `shop` does from then on. */
  readonly script: string;
  /** What `shop.send` is called with for a step; undefined where the client sends it by itself. */
  readonly call: (step: Step, isText: boolean) => readonly unknown[] | undefined;
}

/** Every visitor is a browser of their own: what they do, step by step, each of which is answered before the next. */
export async function sendFromPages(pages: Pages, client: PageClient, url: string, key: string): Promise<number> {
  const library =
    client.library ?? (client.module === undefined ? '' : await bundled(import.meta.resolve(client.module)));
  const visitors = [...new Set(STEPS.map((one) => one.visitor))];
  const next = async (): Promise<void> => {
    for (let visitor = visitors.shift(); visitor !== undefined; visitor = visitors.shift()) {
      const context = await pages.browser.newContext();
      await visit(await context.newPage(), { pages, client, library, url, key }, visitor);
      await context.close();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return STEPS.length;
}

const AT_ONCE = 5;

interface Visiting {
  readonly pages: Pages;
  readonly client: PageClient;
  readonly library: string;
  readonly url: string;
  readonly key: string;
}

async function visit(page: Page, { pages, client, library, url, key }: Visiting, visitor: number): Promise<void> {
  const own = STEPS.filter((one) => one.visitor === visitor);
  const watched = watch(page);
  // gtag leaves out the port of where it sends to.
  await page.route('http://cartpulse.example/**', (route) =>
    route.continue({ url: route.request().url().replace('http://cartpulse.example', url) }),
  );
  await page.goto(pages.origin);
  if (library !== '') await page.addScriptTag({ content: library });
  const given = { url, key, visitor: own[0]?.who.anonymousId };
  await page.evaluate(
    `window.shop = (({ url, key, visitor }) => { ${client.script} })(${JSON.stringify(given)}); undefined`,
  );
  let user: string | undefined;
  for (const { step, who } of own) {
    if (who.userId !== user) await page.evaluate(`shop.know(${JSON.stringify(who.userId)}); undefined`);
    user = who.userId;
    const call = client.call(step, writesText(visitor));
    if (call !== undefined) await page.evaluate(`shop.send(...${JSON.stringify(call)}); undefined`);
    watched.steps += 1;
    if (client.isInOrder !== true) await watched.settled();
  }
  await watched.settled();
  // A client that asks somebody else would tell them of the shop's visitors.
  const ours = [pages.origin, url, 'http://cartpulse.example'].map((one) => new URL(one).host);
  const known = [...ours, ...(client.asks ?? [])];
  expect(watched.hosts().filter((host) => !known.includes(host))).toEqual([]);
}

/** Counts what was answered, whatever the answer was, but for what says who somebody is. */
function watch(page: Page) {
  let answered = 0;
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  // Not all of them read the answer to its end.
  page.on('response', (response) => {
    answered += eventsIn(response.request());
  });
  const watched = {
    steps: 0,
    settled: () => expect.poll(() => answered, { timeout: 30_000, interval: 5 }).toBe(watched.steps),
    hosts: () => [...hosts].sort(),
  };
  return watched;
}

function eventsIn(request: Request): number {
  const { pathname, searchParams } = new URL(request.url());
  if (pathname === '/g/collect') return searchParams.get('en') === 'user_engagement' ? 0 : 1;
  const body: Json = JSON.parse(request.postData() ?? '[]');
  const sent: Json[] = Array.isArray(body) ? body : (body.batch ?? [body]);
  return sent.filter(({ type }) => type !== 'identify').length;
}
