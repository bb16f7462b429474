import { expect, test } from 'vitest';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { dailyUsers, hourlyUsers } from '../../../src/analytics/shared/unique-users.ts';
import { MARK_LIFE_MS } from '../../../src/fold/settings.ts';
import { DEFAULT_DIMENSIONS, dimensionOf } from '../../../src/metrics/dimension.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import type { Visit } from '../../support/links/visits.ts';

const TEN = Date.parse('2026-11-20T10:00:00Z');
let ids = 0;
const seen = (timestamp: number, fields: Partial<Visit>): Visit => ({
  event_id: `seen-${++ids}`,
  name: 'page_view',
  timestamp,
  city: 'Oslo',
  ...fields,
});

function nameIn(shop: PartitionedShop, partition: number, called: string): string {
  for (let i = 0; ; i++) if (shop.partitionOf(`${called}-${i}`) === partition) return `${called}-${i}`;
}

const users = (shop: PartitionedShop): number[] =>
  [hourlyUsers, dailyUsers].map((family) => shop.total(family, 'visit'));

test.each([
  ['the same owner', false],
  ['another owner after each event', true],
])('a guest whose partition is ahead by a bucket of marks is one with the user: %s', async (_, changes) => {
  const edge = Math.ceil(TEN / MARK_LIFE_MS) * MARK_LIFE_MS;
  const shop = new PartitionedShop(2);
  const [guest, user] = [nameIn(shop, 0, 'g'), nameIn(shop, 1, 'u')];
  for (const [atMs, who] of [
    [edge - 1_200_000, { user_id: user }],
    [edge + 1_000, { anonymous_id: guest }],
    [edge - 2_000, { user_id: user, anonymous_id: guest }],
    [edge - 1_000, { user_id: user }],
    [edge + 2_000, { user_id: user }],
  ] as const) {
    shop.put(seen(atMs, who));
    await shop.settle();
    if (changes) shop.changeOwner(1);
  }
  expect(users(shop)).toEqual([2, 1]);
});

test('whatever values a guest was seen with, what goes over fits into a record', async () => {
  const named = ['source', 'campaign'].flatMap((name) => dimensionOf(name) ?? []);
  const shop = new PartitionedShop(1, { settings: { ...SETTINGS, dimensions: [...DEFAULT_DIMENSIONS, ...named] } });
  const long = (i: number, length: number): string => String(i).padStart(4, 'x') + '\u0001'.repeat(length - 4);
  for (let i = 0; i < 200; i++)
    shop.put(
      seen(TEN + i, {
        anonymous_id: 'g',
        session_id: `s${i}`,
        city: long(i, 128),
        country: long(i, 128),
        source: long(i, 256),
        campaign: long(i, 256),
      }),
    );
  shop.put(seen(TEN + 1_000, { user_id: 'ann', anonymous_id: 'g', session_id: 's199' }));
  await shop.settle();
  const merges = shop.delivered.filter(({ value }) => value.includes('"merge"'));
  expect(merges.length).toBe(1);
  for (const { value } of merges) expect(Buffer.byteLength(value)).toBeLessThan(500_000);
  expect(shop.tallies['rejected'] ?? 0).toBe(0);
  expect(users(shop)).toEqual([1, 1]);
});

test('stages go over by their names: a rebuild under other funnels takes nobody off another stage', async () => {
  const own = { name: 'account', stages: ['visit', 'login', 'signup'] };
  const records = [
    seen(TEN, { anonymous_id: 'g', name: 'view_item', session_id: 's' }),
    seen(TEN + 1, { user_id: 'ann', name: 'login' }),
    seen(TEN + 2, { user_id: 'ann', name: 'view_item' }),
    seen(TEN + 3, { user_id: 'ann', anonymous_id: 'g' }),
  ];
  const counted = async (funnels: typeof SETTINGS.funnels, told: readonly unknown[]) => {
    const shop = new PartitionedShop(1, { settings: { ...SETTINGS, funnels } });
    for (const record of [...records, ...told]) shop.append(0, record, TEN);
    if (told.length === 0) await shop.settle();
    else await shop.count(0);
    const stages = ['visit', 'view', 'login'].map((stage) => [stage, shop.total(hourlyUsers, stage)]);
    return { shop, stages: Object.fromEntries(stages) };
  };
  const first = await counted([...BUILT_IN_FUNNELS, own], []);
  expect(first.stages).toEqual({ visit: 1, view: 1, login: 1 });
  const told = first.shop.delivered.map(({ value }) => JSON.parse(value));
  expect((await counted([own, ...BUILT_IN_FUNNELS], told)).stages).toEqual(first.stages);
  expect((await counted([own], told)).stages).toEqual({ visit: 1, view: 0, login: 1 });
});
