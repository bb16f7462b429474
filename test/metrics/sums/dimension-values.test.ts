import { expect, test } from 'vitest';
import { DimensionValues, NO_VALUE } from '../../../src/metrics/sums/dimension-values.ts';

test('a combination of values keeps its number, however many others come, and says what it stands for', () => {
  const values = new DimensionValues(['city', 'device'], 7);
  const all = Array.from({ length: 2_000 }, (_, i) => [`city ${i % 50}`, `device ${Math.floor(i / 50)}`]);
  const numbers = all.map((texts) => values.ofTexts(texts));
  expect(new Set(numbers).size).toBe(2_000);
  expect(all.map((texts) => values.ofTexts(texts))).toEqual(numbers);
  expect(numbers.map((number) => values.textsOf(number))).toEqual(all);
});

test('state holds its values as a JSON list, that of no value as an empty one', () => {
  const values = new DimensionValues(['city', 'device'], 7);
  const saoPaulo = values.ofTexts(['São "Paulo"', '']);
  expect([saoPaulo, NO_VALUE].map((number) => JSON.parse(values.json(number).toString()))).toEqual([
    ['São "Paulo"', ''],
    [],
  ]);
});
