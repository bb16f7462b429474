import { expect, test } from 'vitest';
import { inView, isLeaf, pathOf } from '../../src/dashboard/app/sections/catalogue/path.ts';

test('a category stands in the URL level by level; behind a gap there is none', () => {
  expect(pathOf(inView(['Clothing', 'Shirts']))).toEqual(['Clothing', 'Shirts']);
  expect(pathOf(inView(['a', 'b', 'c', 'd', 'e']))).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(pathOf({ ...inView(['Clothing']), category3: 'Linen' })).toEqual(['Clothing']);
  expect(pathOf(inView([]))).toEqual([]);
});

test('a category that tells no level below it apart is shown by its products', () => {
  expect(isLeaf(['Mugs'], ['(none)'])).toBe(true);
  expect(isLeaf(['Clothing'], ['(none)', 'Shirts'])).toBe(false);
  expect(isLeaf([], ['(none)'])).toBe(false);
});
