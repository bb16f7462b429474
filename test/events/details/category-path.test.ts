import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CATEGORY_LEVELS, categoryPath, levelsOf } from '../../../src/events/details/category-path.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }),
  fc.constantFrom('\u001f', '\u001b', '\u001b0', '\u001b1\u001f', 'a/b'),
);
const levels = fc.array(fc.option(text, { nil: undefined }), { maxLength: CATEGORY_LEVELS });

test('a path gives back its levels, whatever they hold; those behind the last are none', () => {
  fc.assert(
    fc.property(levels, (named) => {
      const last = named.findLastIndex((level) => level !== undefined);
      const path = categoryPath(named);
      expect(path === '').toBe(last === -1);
      if (last >= 0) expect(levelsOf(path)).toEqual(named.slice(0, last + 1));
    }),
  );
});

test('two categories have two paths', () => {
  fc.assert(
    fc.property(levels, levels, (some, others) => {
      const whole = (of: readonly (string | undefined)[]) =>
        JSON.stringify(Array.from({ length: 5 }, (_, i) => of[i] ?? null));
      expect(categoryPath(some) === categoryPath(others)).toBe(whole(some) === whole(others));
    }),
  );
});

test('a category of one plain level is that text', () => {
  expect(categoryPath(['Kitchen & Table'])).toBe('Kitchen & Table');
});
