import { afterAll, expect, test } from 'vitest';
import { countedCarts, recountedCarts } from '../support/compare/recounted-carts.ts';
import { PartitionedShop } from '../support/core/partitioned-shop.ts';
import { items, visit } from '../support/links/visits.ts';
import { LocalArchives } from '../support/system/local-archive.ts';

const PARTITIONS = 3;
const DAYS = 1_440;
const RANGE = ['2026-11-19', '2027-04-01'] as const;
const archives = new LocalArchives();
afterAll(() => archives.close());

/** A cart is left in a partition in which nothing happens for months, until it is told of an order. */
async function restsAndIsTold() {
  const local = archives.open();
  const shop = new PartitionedShop(PARTITIONS, { archive: local.archive });
  const told = shop.partitionOf('o1');
  const named = (isThere: boolean): string =>
    Array.from({ length: 99 }, (_, i) => `u${i}`).find((one) => (shop.partitionOf(one) === told) === isThere) ?? '';
  shop.put(visit(0, { user: named(true) }, 'add_to_cart', items('mug')));
  await shop.settle();
  shop.put(visit(100 * DAYS, { user: named(false) }, 'purchase', { transaction_id: 'o1', value: 10 }));
  await shop.settle();
  return { local, shop, told: `events-${told}` };
}

test('no cart falls due by what another partition says of the time, neither where it is counted nor in the recount', async () => {
  const { local, shop } = await restsAndIsTold();
  expect(await recountedCarts(local, ...RANGE)).toEqual(countedCarts(shop));
  expect(countedCarts(shop)['carts abandoned']).toBe(undefined);
});

test('what moves a partition’s time is read back from the archive as the log had it, once', async () => {
  const { local, told } = await restsAndIsTold();
  await local.archive.flush();
  const read: unknown[] = [];
  for await (const records of local.replay.records(told, 'test', { from: 0, to: 10 }))
    for (const { place, event, record } of records)
      read.push([place, event === undefined ? JSON.parse(record ?? '{}').control : 'event']);
  expect(read).toEqual([
    [0, 'event'],
    [1, 'claim'],
  ]);
});
