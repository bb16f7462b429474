import { expect, test } from 'vitest';
import { CountOf } from '../../support/core/facts.ts';
import { voucherCounts, vouchersDefinition } from './definition.ts';

test('a voucher that is used counts, over all cities and for its own; nothing else does', () => {
  const count = new CountOf(vouchersDefinition);
  for (const name of ['voucher_used', 'voucher_used', 'voucher_shown']) count.event({ name, city: 'Pune' });
  expect(count.of(voucherCounts)).toEqual({ used: 2, 'used|Pune': 2 });
});
