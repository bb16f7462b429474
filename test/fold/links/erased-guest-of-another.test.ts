import { expect, test } from 'vitest';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { items, visit } from '../../support/links/visits.ts';

test.each([1, 3])(
  'an erased visitor is not named any more with whom they became, over %i partitions',
  async (partitions) => {
    const shop = new PartitionedShop(partitions);
    for (const one of [
      visit(0, { user: 'ann' }, 'purchase', { transaction_id: 'o1', value: 5 }),
      visit(1, { user: 'office' }, 'purchase', { transaction_id: 'o1', ...items('mug') }),
    ]) {
      shop.put(one);
      await shop.settle();
    }
    for (let i = 0; i < partitions; i++) shop.append(i, { control: 'erase', user_id: 'ann' });
    await shop.settle();
    expect(shop.naming('ann').filter((key) => !key.includes('record-outbox'))).toEqual([]);
  },
);
