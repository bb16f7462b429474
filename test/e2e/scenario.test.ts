import { describe, expect, test } from 'vitest';
import { RARE_CASES } from '../support/traffic/rare.ts';
import { scenario } from '../support/traffic/scenario.ts';

const MIDNIGHT = Date.UTC(2026, 10, 29);

describe('a random log contains every rare case', () => {
  test.each([
    ['ten seconds before midnight', MIDNIGHT - 10_000],
    ['at midnight', MIDNIGHT],
    ['right after an hour', MIDNIGHT + 7 * 3_600_000 + 5],
  ])('that ends %s', (_, nowMs) => {
    for (let seed = 1; seed <= 3; seed++) {
      const { occurred } = scenario(seed * 1_001, 300, 6, nowMs).oracle;
      expect(RARE_CASES.filter((what) => !occurred.has(what))).toEqual([]);
    }
  });
});
