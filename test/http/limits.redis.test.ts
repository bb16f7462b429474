import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url);
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const to = [{ webhook: 'https://example.com/hook' }];
const alert = { answer: 'funnel', field: 'stages.stage=purchase.count', when: { above: 1 }, to };

test.each<[string, number, (i: number) => object]>([
  ['notes', 1_000, (i) => ({ at: '2026-11-20', text: `note ${i}` })],
  ['views', 200, (i) => ({ name: `view ${i}`, query: 'tab=sales' })],
  ['alerts', 100, (i) => ({ name: `alert ${i}`, ...alert })],
  ['webhooks', 100, (i) => ({ url: `https://example.com/${i}`, events: ['cart.abandoned'] })],
])(
  'of %s there are %i, however many come at once; one that is there may be made again',
  { timeout: 120_000 },
  async (what, most, body) => {
    const make = async (i: number): Promise<number> => {
      const made = await system.request(`/v1/${what}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body(i)),
      });
      await made.body?.cancel();
      return made.status;
    };
    const made: number[] = [];
    for (let i = 0; i < most - 10; i += 50)
      made.push(...(await Promise.all(Array.from({ length: Math.min(50, most - 10 - i) }, (_, n) => make(i + n)))));
    expect(new Set(made)).toEqual(new Set([201]));
    const last = await Promise.all(Array.from({ length: 30 }, (_, n) => make(most - 10 + n)));
    expect([last.filter((status) => status === 201).length, last.filter((status) => status === 409).length]).toEqual([
      10, 20,
    ]);
    expect(await system.get(`/v1/${what}?limit=1000`)).toHaveLength(most);
    expect([await make(0), await make(most + 50)]).toEqual([201, 409]);
  },
);
