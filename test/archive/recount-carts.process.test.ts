import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { WITHOUT_CART } from '../../src/archive/accuracy/recount-carts.ts';
import { COLUMNS } from '../../src/archive/columns.ts';
import { copyTo } from '../../src/archive/sql.ts';
import { Random } from '../../src/simulator/random.ts';
import { countedCarts, recountedCarts } from '../support/compare/recounted-carts.ts';
import { PartitionedShop } from '../support/core/partitioned-shop.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { minutes, type Visit, visit } from '../support/links/visits.ts';
import { LocalArchives } from '../support/system/local-archive.ts';

const PARTITIONS = 3;
const HOUR = 60;
const archives = new LocalArchives();
afterAll(() => archives.close());

/** Visitors who fill carts, empty them, leave them, come back, sign in and buy, over two weeks. */
function shoppers(random: Random, count: number, guests: number): Visit[] {
  const events: Visit[] = [];
  let [at, person, left] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    left -= 1;
    at += left > 0 ? 1 + random.below(9) : (3 * 13 * 24 * HOUR) / count;
    if (left <= 0) [person, left] = [random.below(18), 1 + random.below(5)];
    const isGuest = person < guests && random.chance(0.6);
    const named = person < guests && random.chance(0.5);
    const who = isGuest ? { guest: `g-${person}` } : { user: `u-${person}`, ...(named && { guest: `g-${person}` }) };
    const item = {
      item_id: `item ${random.below(3)}`,
      quantity: 1 + random.below(8),
      ...(random.chance(0.8) && { price: (1 + random.below(50)) / 4 }),
    };
    const names = ['page_view', 'add_to_cart', 'add_to_cart', 'remove_from_cart', 'begin_checkout', 'purchase'];
    const name = names[random.below(names.length)] ?? 'page_view';
    const late = random.chance(0.07) ? random.below(3 * HOUR) : 0;
    const items = random.chance(0.25) ? [item, { ...item, quantity: 1 }] : [item];
    const more = {
      ...(random.chance(0.1) && { currency: 'EUR' }),
      ...(name === 'purchase' && { transaction_id: `order ${i}`, value: 5 }),
      ...(name.includes('cart') && random.chance(0.9) && { items }),
    };
    events.push(visit(Math.max(0, at - late), who, name, more));
  }
  return events;
}

interface Told {
  readonly seed: number;
  readonly guests?: number;
  readonly cartTimeoutMs?: number;
  /** Events that lie in the log before any of them is counted. */
  readonly together?: number;
  readonly erased?: readonly string[];
}

async function counted({ seed, guests = 0, cartTimeoutMs = SETTINGS.cartTimeoutMs, together = 8, erased = [] }: Told) {
  const local = archives.open();
  const settings = { ...SETTINGS, cartTimeoutMs };
  const shop = new PartitionedShop(PARTITIONS, { settings, archive: local.archive });
  const events = shoppers(new Random(seed), 400, guests);
  for (let from = 0; from < events.length; from += together) {
    for (const event of events.slice(from, from + together)) shop.put(event);
    await shop.settle();
  }
  for (const user_id of erased)
    for (let partition = 0; partition < PARTITIONS; partition++) shop.append(partition, { control: 'erase', user_id });
  await shop.settle();
  shop.tick(minutes(14 * 24 * HOUR));
  await shop.settle();
  return { local, shop, recounted: await recountedCarts(local, '2026-11-19', '2026-12-05') };
}

test.each<[what: string, told: Told]>([
  ['nobody signs in', { seed: 1 }],
  ['nobody signs in, and carts are left after ten minutes', { seed: 2, cartTimeoutMs: 600_000 }],
  ['guests sign in', { seed: 3, guests: 9 }],
  ['guests sign in, and carts are left after six hours', { seed: 4, guests: 18, cartTimeoutMs: 6 * 3_600_000 }],
  ['guests sign in behind a backlog', { seed: 5, guests: 18, together: 200 }],
  ['some are erased', { seed: 6, erased: ['u-1', 'u-2', 'u-3', 'u-11'] }],
])(
  'carts of two weeks, opened, emptied, left, taken up again, bought and recovered, are recounted as they counted, where %s',
  {
    timeout: 120_000,
  },
  async (_, told) => {
    const { shop, recounted } = await counted(told);
    expect(recounted).toEqual(countedCarts(shop));
    for (const metric of ['opened', 'purchased', 'emptied', 'abandoned', 'recovered', 'recovered value USD'])
      expect([metric, recounted[`carts ${metric}`]]).toEqual([metric, expect.any(Number)]);
  },
);

/** Columns that came later than the first release of the archive. */
const LATER = /^(cart|released_by)/;

test('files that an earlier version wrote open as they are, and say that they know of no carts', async () => {
  const local = archives.open();
  const shop = new PartitionedShop(1, { archive: local.archive });
  for (const name of ['add_to_cart', 'page_view']) shop.put(visit(0, { user: 'ann' }, name));
  await shop.settle();
  const old = archives.open();
  const path = join(old.dir, 'date=2026-11-20/partition=events-0/test-000000000000000-000000000000002.parquet');
  mkdirSync(dirname(path), { recursive: true });
  await local.query((table) =>
    copyTo(
      table,
      path,
      COLUMNS.filter(({ name }) => !LATER.test(name)),
    ),
  );
  expect((await old.query((table) => `SELECT name, cart FROM (${table}) ORDER BY name`)).rows).toEqual([
    { name: 'add_to_cart', cart: null },
    { name: 'page_view', cart: null },
  ]);
  expect(await recountedCarts(old, '2026-11-20', '2026-11-20')).toEqual({ [WITHOUT_CART]: 1 });
  expect(await recountedCarts(local, '2026-11-20', '2026-11-20')).toEqual({ 'carts opened': 1 });
});
