import { afterAll, expect, test } from 'vitest';
import { UNSEEN_ORDERS } from '../../src/archive/accuracy/recount.ts';
import { countedVisits, recountedVisits } from '../support/compare/recounted-visits.ts';
import { PartitionedShop } from '../support/core/partitioned-shop.ts';
import { items, visit } from '../support/links/visits.ts';
import { LocalArchives } from '../support/system/local-archive.ts';

const PARTITIONS = 3;
const RANGE = { from: '2026-11-20', to: '2026-11-20' };
const archives = new LocalArchives();
afterAll(() => archives.close());

async function twoReports(isErased: boolean) {
  const local = archives.open();
  const shop = new PartitionedShop(PARTITIONS, { archive: local.archive });
  const [order, said] = [{ transaction_id: 'T-1', value: 10 }, items('mug')];
  for (const name of ['page_view', 'view_item']) shop.put(visit(0, { user: 'ann' }, name));
  shop.put(visit(1, { user: 'ann' }, 'purchase', order));
  shop.put(visit(1, { guest: 'g' }, 'page_view'));
  await shop.settle();
  shop.put(visit(2, { guest: 'g' }, 'purchase', { ...order, ...said }));
  // What takes the other report back is on its way when its visitor is erased.
  const isHeld = (lane: string): boolean => shop.onTheWay.get(lane)?.[0]?.value.includes('"void"') ?? false;
  for (let turn = 0; turn < 10; turn++) {
    for (const lane of shop.lanes) if (!isHeld(lane)) shop.deliver(lane);
    for (let i = 0; i < PARTITIONS; i++) await shop.count(i);
  }
  expect(shop.lanes.some(isHeld)).toBe(true);
  for (let i = 0; isErased && i < PARTITIONS; i++) {
    shop.append(i, { control: 'erase', user_id: 'ann' });
    await shop.count(i);
  }
  await shop.settle();
  const names = [...Object.keys(countedVisits(shop)), UNSEEN_ORDERS];
  return { counted: countedVisits(shop), recounted: await recountedVisits(local, RANGE, names) };
}

test('visits of somebody whom an order that two reported shows to be one are recounted as one', async () => {
  const { counted, recounted } = await twoReports(false);
  expect(counted['new_users']).toBe(1);
  expect(recounted).toEqual(counted);
});

test('an order that is taken back after its visitor was erased stays in the recount, which says so', async () => {
  const { counted, recounted } = await twoReports(true);
  expect(recounted['orders']).toBe((counted['orders'] ?? 0) + 1);
  expect(recounted[UNSEEN_ORDERS]).toBe(1);
});
