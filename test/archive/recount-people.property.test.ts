import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../src/simulator/random.ts';
import { countedVisits, recountedVisits } from '../support/compare/recounted-visits.ts';
import { PartitionedShop } from '../support/core/partitioned-shop.ts';
import { items, type Visit, visit, type Who } from '../support/links/visits.ts';
import { runs } from '../support/runner/runs.ts';
import { LocalArchives } from '../support/system/local-archive.ts';

const RANGE = { from: '2026-11-19', to: '2026-11-25' };
const PARTITIONS = 3;
const PAUSES = [1, 3, 10, 25, 29, 31, 45, 62, 90, 130, 200];
const archives = new LocalArchives();
afterAll(() => archives.close());

/** What happens in a small shop of a few names: guests are anybody's, orders are reported by several, and users are erased. */
type Happens = Visit | { readonly erased: string; readonly timestamp: number };

function life(shop: string, random: Random): Happens[] {
  const pick = <T>(list: readonly [T, ...T[]]): T => list[random.below(list.length)] ?? list[0];
  let at = 0;
  return Array.from({ length: 4 + random.below(6) }, (): Happens => {
    at += PAUSES[random.below(PAUSES.length)] ?? 1;
    const [user, guest] = [`${shop} ${pick(['ann', 'bob'])}`, `${shop} ${pick(['g1', 'g2'])}`];
    if (random.chance(0.06)) return { erased: user, timestamp: visit(at, {}, '').timestamp };
    const who = pick<Who>([{ user }, { guest }, { user, guest }]);
    const name = pick(['page_view', 'view_item', 'add_to_cart', 'purchase', 'purchase']);
    const order = {
      transaction_id: `${shop} ${pick(['o1', 'o2'])}`,
      value: 5 + random.below(3),
      ...(random.chance(0.4) && { payment_type: 'card' }),
      ...(random.chance(0.3) && { tax: 1 }),
    };
    return visit(at, who, name, {
      ...(random.chance(0.5) && { session_id: pick(['s1', 's2']) }),
      ...(name === 'purchase' && order),
      ...(random.chance(0.5) && items('mug')),
    });
  });
}

test('whoever turns out to be whom, in whatever order and partitions, and whoever is erased: people, visits and orders are recounted as they counted', {
  timeout: 600_000,
}, async () => {
  let goneOn = 0;
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
    const random = new Random(seed);
    const local = archives.open();
    const shop = new PartitionedShop(PARTITIONS, { archive: local.archive });
    const all = Array.from({ length: 60 }, (_, i) => life(`${seed}-${i}`, random)).flat();
    for (const one of all.sort((a, b) => a.timestamp - b.timestamp)) {
      if ('erased' in one)
        for (let i = 0; i < PARTITIONS; i++) shop.append(i, { control: 'erase', user_id: one.erased });
      else shop.put(one);
      await shop.settle();
    }
    const visits = countedVisits(shop);
    expect(await recountedVisits(local, RANGE, Object.keys(visits))).toEqual(visits);
    const merges = shop.delivered.map(({ value }) => JSON.parse(value)).filter(({ control }) => control === 'merge');
    const guests = new Set(merges.map(({ guest }) => guest));
    goneOn += merges.filter(({ user_id: user }) => guests.has(user)).length;
  });
  await fc.assert(property, { numRuns: runs(1, 20), endOnFailure: true });
  expect(goneOn).toBeGreaterThan(0);
});
