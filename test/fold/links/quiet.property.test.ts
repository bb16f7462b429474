import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/simulator/random.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { BY_CUSTOMER } from '../../support/core/settings.ts';
import { months } from '../../support/links/months.ts';
import type { Visit } from '../../support/links/visits.ts';
import { runs } from '../../support/runner/runs.ts';

const PARTITIONS = 5;
const MONTH_MS = 30 * 86_400_000;

const occurred = new Map<string, number>();
const happened = (what: string, n = 1): void => void occurred.set(what, (occurred.get(what) ?? 0) + n);

interface How {
  /** Every partition learns what time it is before each event. */
  readonly isAwake: boolean;
  /** Each owner knows what the store holds, and nothing else. */
  readonly isAnother?: boolean;
  /** What partitions tell each other says nothing of time. */
  readonly isTimeless?: boolean;
}

async function count(visits: readonly Visit[], { isAwake, isAnother, isTimeless }: How): Promise<PartitionedShop> {
  const shop = new PartitionedShop(PARTITIONS, { settings: BY_CUSTOMER, ...(isTimeless && { isTimeless }) });
  let nowMs = 0;
  for (const one of visits) {
    if (isAnother) for (let i = 0; i < shop.partitions; i++) shop.changeOwner(i);
    nowMs = Math.max(nowMs, one.timestamp);
    if (isAwake) shop.tick(nowMs);
    else await shop.tickDue(nowMs);
    shop.put(one);
    await shop.settle();
  }
  shop.tick(nowMs + 200 * 60_000);
  await shop.settle();
  return shop;
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

async function holds(seed: number, isTimeless = false): Promise<void> {
  const visits = months(new Random(seed));
  const isAnother = seed % 2 === 0;
  const [awake, quiet] = [
    await count(visits, { isAwake: true, isTimeless }),
    await count(visits, { isAwake: false, isAnother, isTimeless }),
  ];
  expect(quiet.totals).toEqual(awake.totals);
  expect(quiet.tallies).toEqual(awake.tallies);
  for (const kind of quiet.delivered.map(({ value }) => String(JSON.parse(value).control))) happened(kind);
  if (isAnother) happened('another owner each time');
  if (sleeps(quiet, visits)) happened('partition without an event for thirty days that is told something');
}

/** Was a partition told something that had had no event for so long? */
function sleeps(shop: PartitionedShop, visits: readonly Visit[]): boolean {
  const partitionOf = ({ user_id, anonymous_id }: Visit): number => shop.partitionOf(user_id ?? anonymous_id ?? '');
  return shop.delivered.some(({ to, value }) => {
    const { now } = JSON.parse(value);
    const before = visits.filter((one) => partitionOf(one) === to && one.timestamp <= now);
    return before.length > 0 && now - Math.max(...before.map(({ timestamp }) => timestamp)) > MONTH_MS;
  });
}

describe('a partition that has had no event for months', () => {
  test('counts what one counts that knows at any time what time it is', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(seeds, (seed) => holds(seed)),
      { numRuns: runs(40, 300), endOnFailure: true },
    );
  });

  test.each([
    'link',
    'merge',
    'returned',
    'claim',
    'void',
    'unbought',
    'refund',
    'settle',
    'details',
    'another owner each time',
    'partition without an event for thirty days that is told something',
  ])('%s: it was among them', (what) => {
    expect(occurred.get(what) ?? 0).toBeGreaterThan(0);
  });

  test('control: where partitions tell each other nothing of time, that is found out', async () => {
    const broken = fc.asyncProperty(seeds, (seed) => holds(seed, true));
    const { failed } = await fc.check(broken, { numRuns: 40, seed: 1, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
