import { describe, expect, test } from 'vitest';
import { fromMinorUnits, isCurrency, isStoredCurrency, minorDigits, toMinorUnits } from '../../src/events/money.ts';

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
    [4, 'USD', 1.85, 740],
    [0.1, 'USD', 1.85, 19],
    [1.005, 'USD', 0.2, 20],
    [2.5, 'USD', 0.001, 0],
    [5, 'USD', 0.001, 1],
    [4.35, 'USD', 0.7, 305],
    [1e9, 'CLF', 0.999, 9_990_000_000_000],
    [9_999.99, 'JPY', 0.15, 1_500],
    [-4.35, 'USD', 0.1, -44],
  ])('%d %s × %d is %d minor units', (amount, currency, quantity, minor) => {
    expect(toMinorUnits(amount, currency, quantity)).toBe(minor);
  });

  test('minor units come back as the number that was written', () => {
    for (const amount of [0.07, 1.1, 4.35, 123_456.78])
      expect(fromMinorUnits(toMinorUnits(amount, 'USD'), 'USD')).toBe(amount);
  });
});

describe('minor units are those of ISO 4217', () => {
  const byDigits: readonly (readonly [digits: number, codes: string])[] = [
    [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
    [3, 'BHD IQD JOD KWD LYD OMR TND'],
    [4, 'CLF UYW'],
  ];

  test.each(byDigits)('%i digits: %s', (digits, codes) => {
    for (const code of codes.split(' '))
      expect([code, minorDigits(code), isCurrency(code)]).toEqual([code, digits, true]);
  });

  test('2 digits: every other one', () => {
    const others = new Set(byDigits.flatMap(([, codes]) => codes.split(' ')));
    for (const code of Intl.supportedValuesOf('currency'))
      if (isCurrency(code) && !others.has(code)) expect([code, minorDigits(code)]).toEqual([code, 2]);
  });

  test.each([
    ['ISK', 12_500, 12_500],
    ['KRW', 47_040, 47_040],
    ['JPY', 1_980, 1_980],
    ['BHD', 35.205, 35_205],
    ['JOD', 2.755, 2_755],
    ['IQD', 1_250.125, 1_250_125],
    ['CLP', 9_990, 9_990],
    ['XCG', 5, 500],
    ['ZWG', 5, 500],
  ])('an amount in %s comes back as it was sent', (currency, amount, minor) => {
    expect(toMinorUnits(amount, currency)).toBe(minor);
    expect(fromMinorUnits(minor, currency)).toBe(amount);
  });
});

describe('an event may be in any currency of ISO 4217', () => {
  test.each('XCG ZWG XAD SLE VED MRU STN CHE CHW UYW USN BOV COU MXV XDR'.split(' '))(
    'in %s, also where Intl lacks it',
    (code) => {
      expect(isCurrency(code)).toBe(true);
    },
  );

  test.each('ANG CUC HRK SLL ZWL'.split(' '))(
    'not in %s, which was withdrawn; what is stored in it is read',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(isStoredCurrency(code)).toBe(true);
      expect(fromMinorUnits(1_234, code)).toBe(12.34);
    },
  );

  test.each(['EURO', 'eur', 'ZZZ', 'XXX', 'XTS', 'XAU', '', 'constructor'])('not in %j', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(isStoredCurrency(code)).toBe(false);
  });
});
