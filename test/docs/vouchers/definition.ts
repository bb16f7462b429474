import type { Counting, Definition } from '../../../src/metrics/definition.ts';
import { family } from '../../../src/metrics/family.ts';
import type { Sums } from '../../../src/metrics/sums/sums.ts';

export const voucherCounts = family({
  name: 'vouchers',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'voucher_used events',
});

function countVouchers(sums: Sums): Counting {
  const used = sums.counter(voucherCounts, 'used');
  return {
    event({ name, hour, dimensions }) {
      if (name === 'voucher_used') hour.add(used, dimensions);
    },
  };
}

export const vouchersDefinition = { families: [voucherCounts], count: countVouchers } satisfies Definition;
