import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { countedCarts, recountedCarts } from '../support/compare/recounted-carts.ts';
import { countedVisits, recountedVisits } from '../support/compare/recounted-visits.ts';
import { deliver } from '../support/links/deliveries.ts';
import { runs } from '../support/runner/runs.ts';
import { LocalArchives } from '../support/system/local-archive.ts';

const archives = new LocalArchives();
afterAll(() => archives.close());

test('guests and users in any partitions, behind a backlog or not: visits, orders and carts are recounted as the answers have them', {
  timeout: 300_000,
}, async () => {
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
    const random = new Random(seed);
    const local = archives.open();
    const delivery = {
      partitions: 1 + random.below(5),
      persons: 14,
      forgets: random.chance(0.5) ? 0.3 : 0,
      repeats: 0.1,
      isBacklog: random.chance(0.5),
      fallsDue: random.chance(0.5),
      archive: local.archive,
    };
    const { shop } = await deliver(delivery, random, new Map());
    expect(await recountedCarts(local, '2026-11-19', '2026-11-22')).toEqual(countedCarts(shop));
    const visits = countedVisits(shop);
    const range = { from: '2026-11-19', to: '2026-11-22' };
    expect(await recountedVisits(local, range, Object.keys(visits))).toEqual(visits);
  });
  await fc.assert(property, { numRuns: runs(4, 12), endOnFailure: true, examples: [[935_651]] });
});
