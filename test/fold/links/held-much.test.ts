import { expect, test } from 'vitest';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { type Visit, visit } from '../../support/links/visits.ts';
import { stored } from '../../support/orders/order-shop.ts';

const USERS = 12;
/** Some 780,000 bytes of it, so that what may wait of a partition is reached. */
const LINES = 1_900;

function nameIn(shop: PartitionedShop, partition: number, called: string): string {
  for (let i = 0; ; i++) if (shop.partitionOf(`${called}-${i}`) === partition) return `${called}-${i}`;
}

/** Each guest comes from Roma; the user who they turn out to be says no city, and buys in the guest's session. */
async function orders(records: number): Promise<number> {
  const shop = new PartitionedShop(2);
  const names = Array.from({ length: USERS }, (_, i) => ({
    user: nameIn(shop, 0, `u${i}`),
    guest: nameIn(shop, 1, `g${i}`),
  }));
  const lines = Array.from({ length: LINES }, (_, i) => ({
    item_id: `${i}-`.padEnd(120, 'x'),
    item_name: `${i}-`.padEnd(250, 'y'),
    price: 1,
  }));
  const buys = ({ user, guest }: { user: string; guest: string }, i: number): Visit =>
    visit(1 + i / 60, { user, guest }, 'purchase', {
      transaction_id: `o${i}`,
      items: lines,
      city: undefined,
      session_id: `s${i}`,
    });
  for (const [i, { guest }] of names.entries())
    shop.put(visit(i / 60, { guest }, 'page_view', { city: 'Roma', session_id: `s${i}` }));
  await shop.settle();
  for (const [i, one] of names.entries()) shop.put(buys(one, i));
  while (shop.waits(0) > 0) await shop.count(0, records);
  await shop.settle();
  return stored(shop, 'orders|Roma');
}

test('how much may wait does not hang on how the log is cut into units', { timeout: 60_000 }, async () => {
  expect(await orders(1)).toBe(await orders(USERS));
});
