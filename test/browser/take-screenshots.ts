import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { provision } from '../../docker/provision.ts';
import { runSimulator, steady } from '../../src/simulator/run-simulator.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { silent, startSystem } from '../support/system/system.ts';
import { serveSystem, startBrowser } from './browser.ts';
import { answered } from './open-shop.ts';
import { seed } from './seed.ts';

/** `npm run screenshots`: pictures of the page for the README, from the simulated shop. */
const dir = resolve(import.meta.dirname, '../../docs/images');
mkdirSync(dir, { recursive: true });
await provision(['redis', 'chromium']);
const redis = await startRedis();
const system = await startSystem(redis.url);
await system.startCounting();
process.stderr.write('a simulated shop comes to life\n');
await seed(system, 160_000, 8);
await seed(system, 1_500, 0.035);
const simulator = runSimulator(system.system.acceptor(), steady(1), { seed: 7 }, () => Date.now(), silent);
const served = await serveSystem(system);
const browser = await startBrowser();
const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
await new Promise((done) => setTimeout(done, 15_000));

const shots = [
  {
    name: 'page',
    query: `?from=${day(1)}&to=${day(0)}&interval=hour`,
    width: 1_440,
    height: 1_000,
    full: false,
    scheme: 'light',
  },
  {
    name: 'page-dark',
    query: `?tab=funnel&from=${day(1)}&to=${day(0)}`,
    width: 1_440,
    height: 1_000,
    full: false,
    scheme: 'dark',
  },
  { name: 'page-phone', query: '', width: 390, height: 844, full: false, scheme: 'light' },
] as const;
for (const { name, query, width, height, full, scheme } of shots) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, locale: 'en-US' });
  await page.goto(`${served.url}/${query}`);
  await answered(page);
  await page.waitForTimeout(2_500);
  await page.screenshot({ path: resolve(dir, `${name}.png`), fullPage: full });
  process.stderr.write(`docs/images/${name}.png\n`);
  await page.close();
}
await browser.close();
await simulator.stop();
await served.stop();
await system.close();
await redis.close();
