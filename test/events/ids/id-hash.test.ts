import { expect, test } from 'vitest';
import { IdHash } from '../../../src/events/ids/id-hash.ts';

/** What comes of a list of texts. */
function hashOf(kind: number, ...texts: string[]): string {
  const hash = new IdHash().begin(kind);
  for (const text of texts) {
    const bytes = Buffer.from(text);
    hash.add(bytes, 0, bytes.length);
  }
  const { a, b, c } = hash.end();
  return [a, b, c].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

test('the same ids give the same hash, and it does not depend on what was hashed before', () => {
  const hash = new IdHash();
  const long = Buffer.alloc(500, 'x');
  hash.begin(1).add(long, 0, long.length).end();
  const [user, id] = [Buffer.from('ann'), Buffer.from('e1')];
  const { a } = hash.begin(1).add(user, 0, user.length).add(id, 0, id.length).end();
  expect((a >>> 0).toString(16).padStart(8, '0')).toBe(hashOf(1, 'ann', 'e1').slice(0, 8));
});

test('where one text ends and the next begins makes a difference, and so does what they are ids of', () => {
  const all = [
    hashOf(1, 'ab', 'c'),
    hashOf(1, 'a', 'bc'),
    hashOf(1, 'abc', ''),
    hashOf(2, 'ab', 'c'),
    hashOf(1, 'ab', 'c\0'),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test('a hundred thousand ids that differ in one place each have a hash of their own, with bits spread evenly', () => {
  const hashes = Array.from({ length: 100_000 }, (_, i) => hashOf(1, `user-${i % 317}`, `id-${i}`));
  expect(new Set(hashes).size).toBe(hashes.length);
  for (const place of [0, 8, 16, 23]) {
    const digits = hashes.map((hash) => Number.parseInt(hash[place] ?? '0', 16));
    const mean = digits.reduce((sum, digit) => sum + digit, 0) / digits.length;
    expect(Math.abs(mean - 7.5)).toBeLessThan(0.1);
  }
});
