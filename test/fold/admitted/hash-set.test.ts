import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashSet } from '../../../src/fold/admitted/hash-set.ts';

/** Many that begin alike, as they would in one slot. */
const half = fc.oneof(fc.constantFrom(0, 256, 512, -1), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

test('a set holds what was added to it, once, however many there are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 600 }), fc.tuple(half, half), (added, other) => {
      const set = new HashSet();
      for (const [a, b] of added) set.add(a, b);
      const plain = new Set(added.map(String));
      expect(set.size).toBe(plain.size);
      for (const [a, b] of [...added, other]) expect(set.has(a, b)).toBe(plain.has(String([a, b])));
    }),
  );
});
