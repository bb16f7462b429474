import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/simulator/random.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { BY_CUSTOMER } from '../../support/core/settings.ts';
import { items, type Visit, visit, type Who } from '../../support/links/visits.ts';
import { runs } from '../../support/runner/runs.ts';

const PARTITIONS = 5;
const HOURS = 60;
const DAYS = 24 * HOURS;
/** Minutes between what anybody does and what anybody does next. No few of them make 49 hours or thirty days, where half an hour counts. */
const GAPS = [1, 1, 5, 20, 3 * HOURS, 20 * HOURS, 2.3 * DAYS, 9.4 * DAYS, 21.1 * DAYS, 28.9 * DAYS, 35 * DAYS];
/** As late as an event may come. */
const LATE = 30;

const occurred = new Map<string, number>();
const happened = (what: string, n = 1): void => void occurred.set(what, (occurred.get(what) ?? 0) + n);

/** What two users, two guests and an office do in the course of months. */
function visitsOf(random: Random): Visit[] {
  const pick = <T>(...all: readonly [T, ...T[]]): T => all[random.below(all.length)] ?? all[0];
  const visits: Visit[] = [];
  let atMin = 0;
  for (let i = 5 + random.below(14); i > 0; i--) {
    atMin += GAPS[random.below(GAPS.length)] ?? 1;
    const n = 1 + random.below(2);
    const [user, guest, other] = [`u${n}`, `g${n}`, `g${3 - n}`];
    const who = pick<Who>(
      { guest },
      { guest },
      { user },
      { user, guest },
      { user, guest },
      { user, guest: other },
      { user: 'office' },
    );
    const order = { transaction_id: `t${random.below(3)}` };
    const says: readonly [string, Partial<Visit>] = pick(
      ['page_view', {}],
      ['page_view', {}],
      ['view_item', items('mug')],
      ['add_to_cart', items('mug')],
      ['purchase', { ...order, value: 3 }],
      ['purchase', { ...order, value: 3, shipping: 2, payment_type: 'card' }],
      ['purchase', { ...order, ...items('mug') }],
      ['purchase', { ...order, ...items('mug', 'pen'), shipping: 1 }],
      ['refund', order],
      ['refund', { ...order, value: 2 }],
    );
    const session = random.chance(0.3) ? { session_id: `s${random.below(2)}` } : {};
    const lateMin = random.chance(0.1) ? random.below(LATE) : 0;
    const more = { ...says[1], ...session, city: pick('Oslo', 'Roma') };
    visits.push(visit(Math.max(0, atMin - lateMin), who, says[0], more));
  }
  return visits;
}

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
    shop.put(one);
    await shop.settle();
  }
  shop.tick(nowMs + 200 * 60_000);
  await shop.settle();
  return shop;
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

async function holds(seed: number, isTimeless = false): Promise<void> {
  const visits = visitsOf(new Random(seed));
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
  const last = new Map<number, number>();
  for (const { user_id, anonymous_id, timestamp } of visits) {
    const partition = shop.partitionOf(user_id ?? anonymous_id ?? '');
    if (timestamp - (last.get(partition) ?? timestamp) > 30 * DAYS * 60_000) return true;
    last.set(partition, timestamp);
  }
  return false;
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
