import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/events/json-text.ts';
import { toMinorUnits } from '../../../src/events/money.ts';
import { numberAsWritten } from '../../../src/events/numbers/exact-numbers.ts';

describe('a number counts as it was written', () => {
  test.each([
    ['1.0049999999999999999999', 100],
    ['1.005', 101],
    ['1.00500000000000000000000', 101],
    ['1.00500000000000000000001', 101],
    ['0.00499999999999999999', 0],
    ['123456789.00499999999999999', 12_345_678_900],
    ['10049999999999999999999e-22', 100],
  ])('%s', (written, cents) => {
    expect(toMinorUnits(numberAsWritten(written), 'EUR')).toBe(cents);
    expect(parseJson(`{"a":[${written}]}`)).toEqual({ a: [numberAsWritten(written)] });
  });

  test('whatever its digits are', () => {
    const digits = (least: number, most: number) =>
      fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((all) => all.join(''));
    const nearHalf = fc.tuple(digits(2, 2), fc.constantFrom('4'.padEnd(1), '5'), fc.constantFrom('0', '9'), fc.nat(25));
    fc.assert(
      fc.property(
        fc.nat(999_999),
        fc.oneof(
          digits(1, 25),
          nearHalf.map(([a, b, c, n]) => a + b + c.repeat(n)),
        ),
        (whole, part) => {
          const written = `${whole}.${part}`;
          const exact = new Big(written).times(100).round(0, Big.roundHalfUp).toNumber();
          expect(toMinorUnits(numberAsWritten(written), 'EUR')).toBe(exact);
        },
      ),
    );
  });
});

describe('JSON is read', () => {
  test('as JSON.parse reads it, but for whole numbers that no double holds', () => {
    const isUnsafe = (value: unknown) => /^-?\d+$/.test(String(value)) && !Number.isSafeInteger(value);
    const asText = (_: string, value: unknown) =>
      typeof value === 'number' && isUnsafe(value) ? String(value) : value;
    fc.assert(
      fc.property(fc.json({ depthSize: 'small' }), (json) => {
        expect(parseJson(json)).toEqual(JSON.parse(json, asText));
      }),
    );
  });

  test('with digits in texts as they are, behind escapes too', () => {
    const json = '{"a\\\\":"1.0049999999999999999999\\"","b":1.0049999999999999999999,"1.0049999999999999999999":true}';
    expect(parseJson(json)).toEqual({
      'a\\': '1.0049999999999999999999"',
      b: 1.0049999999999997,
      '1.0049999999999999999999': true,
    });
  });

  test('with whole numbers that no double holds as their text, so that ids stay different', () => {
    expect(parseJson('[90071992547409931,90071992547409932,9007199254740991]')).toEqual([
      '90071992547409931',
      '90071992547409932',
      9_007_199_254_740_991,
    ]);
  });

  test('and refused where it is none, however many quotes are in it', () => {
    expect(() => parseJson(`${'"\\'.repeat(200_000)}1234567890123456`)).toThrow(SyntaxError);
  });
});
