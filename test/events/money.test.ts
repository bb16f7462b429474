import { describe, expect, test } from 'vitest';
import { fromMinorUnits, toMinorUnits } from '../../src/events/money.ts';

describe('money is decimal arithmetic on the numbers as written', () => {
  test.each([
    [1.005, 'USD', 1, 101],
    [2.675, 'USD', 1, 268],
    [1.115, 'USD', 3, 335],
    [0.1, 'USD', 3, 30],
    [0.005, 'USD', 1, 1],
    [0.0049, 'USD', 1, 0],
    [19.99, 'EUR', 7, 13_993],
    [999_999_999.99, 'USD', 1, 99_999_999_999],
    [1e-7, 'USD', 1, 0],
    [5, 'JPY', 1, 5],
    [2.5, 'JPY', 1, 3],
    [1.2345, 'KWD', 1, 1_235],
    [7.12345, 'CLF', 2, 142_469],
  ])('%d %s × %i is %i minor units', (amount, currency, quantity, minor) => {
    expect(toMinorUnits(amount, currency, quantity)).toBe(minor);
  });

  test('minor units come back as the number that was written', () => {
    for (const amount of [0.07, 1.1, 4.35, 123_456.78])
      expect(fromMinorUnits(toMinorUnits(amount, 'USD'), 'USD')).toBe(amount);
  });
});
