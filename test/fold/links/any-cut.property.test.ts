import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { definitions } from '../../../src/analytics/index.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { recordOutbox } from '../../../src/fold/state/state-families.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { Random } from '../../../src/simulator/random.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { PartitionedShop } from '../../support/core/partitioned-shop.ts';
import { SETTINGS } from '../../support/core/settings.ts';
import { keyOf } from '../../support/fakes/contents.ts';
import { MemoryStateStore } from '../../support/fakes/state-store.ts';
import { record, StillLog } from '../../support/fakes/still-log.ts';
import { items, minutes, type Visit, visit, type Who } from '../../support/links/visits.ts';
import { runs } from '../../support/runner/runs.ts';

/** In minutes, up to more than two weeks: what is known for a day, a week or a month is forgotten meanwhile. */
const PAUSES = [0, 1, 3, 10, 25, 31, 62, 200, 600, 1_500, 2_900, 9_000, 25_000];
const STEPS = 40;
const calendar = new Calendar('UTC');

interface Logged {
  readonly value: unknown;
  readonly arrivedMs: number;
}

/** A shop that writes down what joins its log. */
class LoggedShop extends PartitionedShop {
  readonly logged: Logged[][] = Array.from({ length: this.partitions }, () => []);

  override append(partition: number, value: unknown, arrivedAtMs = this.newestMs): void {
    super.append(partition, value, arrivedAtMs);
    this.newestMs = Math.max(this.newestMs, arrivedAtMs);
    this.logged[partition]?.push({ value, arrivedMs: this.newestMs });
  }

  private newestMs = 0;
}

/** A few names, who are guests and users by turns, share guests, buy what others report as well, and come late. */
function happening(atMin: number, random: Random): Visit {
  const pick = <T>(list: readonly [T, ...T[]]): T => list[random.below(list.length)] ?? list[0];
  const [user, guest] = [pick(['ann', 'bob']), pick(['g1', 'g2', 'g3'])];
  const who = pick<Who>([{ user }, { guest }, { user, guest }, { user: 'server' }]);
  const name = pick(['page_view', 'view_item', 'add_to_cart', 'purchase', 'purchase', 'refund', 'search', 'identify']);
  const order = { transaction_id: pick(['o1', 'o2', 'o3']), value: 5 + random.below(3) };
  return visit(atMin - (random.chance(0.15) ? random.below(3_000) : 0), who, name, {
    city: pick([undefined, 'Oslo', 'Roma']),
    ...(random.chance(0.7) && { session_id: pick(['s1', 's2', '(running)']) }),
    ...((name === 'purchase' || name === 'refund') && order),
    ...(name === 'purchase' && random.chance(0.4) && { payment_type: 'card' }),
    ...(name === 'purchase' && random.chance(0.3) && { tax: 1 }),
    ...(name === 'search' && { search_term: 'mug' }),
    ...(name !== 'refund' && random.chance(0.5) && items(pick(['mug', 'pen']))),
  });
}

/** Their log, by partition: records between partitions come late, in other orders, and twice. */
async function logsOf(random: Random): Promise<readonly (readonly Logged[])[]> {
  const shop = new LoggedShop(1 + random.below(4));
  let at = 0;
  for (let steps = 0; steps < STEPS || !shop.isQuiet; ) {
    for (let i = random.below(3); i > 0 && steps < STEPS; i--, steps++) {
      at += PAUSES[random.below(PAUSES.length)] ?? 0;
      const erases = random.chance(0.05);
      if (random.chance(0.1)) shop.tick(minutes(at));
      else if (!erases) shop.put(happening(at, random));
      for (let partition = 0; erases && partition < shop.partitions; partition++)
        shop.append(partition, { control: 'erase', user_id: 'bob' });
    }
    const lane = shop.lanes[random.below(Math.max(1, shop.lanes.length))];
    if (lane !== undefined && random.chance(0.6)) shop.deliver(lane);
    if (shop.delivered.length > 0 && random.chance(0.08)) shop.repeat(random.below(shop.delivered.length));
    if (random.chance(0.7)) await shop.count(random.below(shop.partitions), 1 + random.below(6));
  }
  return shop.logged;
}

/** What there is to answer with, and what partitions have told each other, where units have so many records. */
async function counted(logs: readonly (readonly Logged[])[], size: () => number, isAnother: () => boolean) {
  const store = new MemoryStateStore(plansOf(SETTINGS));
  const log = new StillLog(logs.length);
  for (const [i, of] of log.partitions.entries()) {
    const records = (logs[i] ?? []).map(({ value, arrivedMs }, offset) => record(offset, value, arrivedMs));
    let worker: PartitionWorker | undefined;
    for (let from = 0; from < records.length; ) {
      if (worker === undefined || isAnother()) {
        worker = new PartitionWorker({ store, log, settings: SETTINGS, calendar, definitions, now: () => 0 });
        await worker.claim(of);
      }
      const to = from + size();
      from = Number(await worker.process(of, recordBatchOf(records.slice(from, to))));
    }
  }
  const said = log.partitions.map(({ topic, index }) => [
    ...store.contents.sortedSet(keyOf(recordOutbox, `${topic}-${index}`)).keys(),
  ]);
  return { answers: store.contents.answers(), said };
}

describe('any cut of the logs of several partitions into units gives the same answers, and tells others the same', {
  timeout: 300_000,
}, () => {
  test.each([
    ['all in one, by one owner', () => Number.MAX_SAFE_INTEGER, () => false],
    ['record by record, each by another owner', () => 1, () => true],
    [
      'a few at a time, by an owner after the other',
      (random: Random) => 1 + random.below(9),
      (random: Random) => random.chance(0.3),
    ],
  ])('%s', async (_, size, isAnother) => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
      const random = new Random(seed);
      const logs = await logsOf(random);
      const oneByOne = await counted(
        logs,
        () => 1,
        () => false,
      );
      expect(
        await counted(
          logs,
          () => size(random),
          () => isAnother(random),
        ),
      ).toEqual(oneByOne);
    });
    // The first has a guest's event that comes again after its id is forgotten, and is told to the user.
    await fc.assert(property, { numRuns: runs(8, 40), examples: [[915_138]], endOnFailure: true });
  });
});
