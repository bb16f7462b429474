import { expect, test } from 'vitest';
import { abandonmentDefinition, cartCounts } from '../../../src/analytics/abandonment/definition.ts';
import { CountOf } from '../../support/core/facts.ts';

test('a cart’s steps count where it opened; only abandoning and recovering carry a value', () => {
  const count = new CountOf(abandonmentDefinition);
  count.cart('opened').cart('abandoned', { value: 700 }).cart('recovered', { value: 700 });
  count.cart('opened').cart('purchased');
  expect(count.of(cartCounts)).toEqual({
    opened: 2,
    'opened|Pune': 2,
    abandoned: 1,
    'abandoned|Pune': 1,
    recovered: 1,
    'recovered|Pune': 1,
    purchased: 1,
    'purchased|Pune': 1,
    'abandoned_at:cart': 1,
    'abandoned_at:cart|Pune': 1,
    'abandoned_value:USD': 700,
    'abandoned_value:USD|Pune': 700,
    'recovered_value:USD': 700,
    'recovered_value:USD|Pune': 700,
  });
});
