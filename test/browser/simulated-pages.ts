import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Shop } from '../../src/simulator/shop.ts';
import { installPacked } from '../sdk/packed.ts';
import { bundled, type Pages } from './shop-pages.ts';

export interface SimulatedPages {
  /** So many events or some more, once the page has room for them: it holds 500, and lets go of older ones. */
  send(count: number): Promise<readonly Sent[]>;
  /** Resolves once all have been answered. */
  answered(): Promise<void>;
}

/** An event, without its moment: that is the page's own. */
export type Sent = Readonly<Record<string, unknown>>;

interface Settings {
  readonly url: string;
  readonly key?: string | undefined;
  readonly seed: number;
}

/** The simulated shop's visitors, who send from a page of a real browser by the package as it is published. */
export async function simulatedPages(
  { origin, browser }: Pages,
  { url, key, seed }: Settings,
): Promise<SimulatedPages> {
  const page = await browser.newPage();
  await page.goto(origin);
  await page.addScriptTag({ content: await publishedClient() });
  await page.evaluate(`window.cartpulse = client.createClient(${JSON.stringify({ url, key })}); undefined`);
  const shop = new Shop({ seed });
  const waitFor = async (most: number): Promise<void> => {
    const waiting = `JSON.parse(localStorage.getItem('cartpulse.waiting') ?? '[]').length`;
    await page.waitForFunction(`${waiting} <= ${most}`, undefined, { timeout: 60_000, polling: 100 });
  };
  return {
    async send(count) {
      await waitFor(ROOM - count);
      const sent: Sent[] = [];
      while (sent.length < count) sent.push(...shop.next(Date.now()).flatMap(asOfPage));
      await page.evaluate(`for (const { name, ...fields } of ${JSON.stringify(sent)}) cartpulse.track(name, fields)`);
      return sent;
    },
    answered: () => waitFor(0),
  };
}

const ROOM = 400;

/** Whom a page sees is somebody whom it does not know by name; of stock and prices it knows nothing. */
function asOfPage({ timestamp: _, user_id: visitor, ...event }: Sent): Sent[] {
  return visitor === undefined ? [] : [{ ...event, anonymous_id: visitor }];
}

async function publishedClient(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cartpulse-pages-'));
  try {
    const { path } = await installPacked(folder);
    return await bundled(pathToFileURL(join(path, 'dist/browser.js')).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
