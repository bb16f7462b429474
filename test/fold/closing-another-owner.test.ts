import { expect, test } from 'vitest';
import { definitions } from '../../src/analytics/index.ts';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import type { PartitionId } from '../../src/events/partition.ts';
import { plansOf } from '../../src/fold/state/bucket-plans.ts';
import { takingBackLane } from '../../src/fold/taken-back/lane-name.ts';
import { PartitionWorker } from '../../src/ingestion/partition-worker.ts';
import type { LogRecord } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import type { Commit } from '../../src/ingestion/ports/state-store.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { SETTINGS } from '../support/core/settings.ts';
import { allSums } from '../support/core/sums.ts';
import { MemoryStateStore } from '../support/fakes/state-store.ts';
import { record, StillLog } from '../support/fakes/still-log.ts';
import { minutes, type Visit, visit } from '../support/links/visits.ts';

const DAYS = 1_440;
const PARTITION: PartitionId = { topic: 'events', index: 0 };

interface Line {
  readonly value: Visit | Readonly<Record<string, unknown>>;
  readonly atMs: number;
  readonly lane?: string;
}

const live = (minute: number, user: string): Line => ({
  value: visit(minute, { user }, 'page_view'),
  atMs: minutes(minute),
});
const tick = (minute: number): Line => ({ value: { control: 'tick', at: minutes(minute) }, atMs: minutes(minute) });

class CountingStore extends MemoryStateStore {
  newUsers = 0;

  override commit(commit: Commit) {
    for (const { family, dimensions, field, n } of allSums(commit.writes.sums))
      if (family === newUserCounts && dimensions === '' && field === 'users') this.newUsers += n;
    return super.commit(commit);
  }
}

async function newUsers(lines: readonly Line[], isAnother: boolean): Promise<number> {
  const store = new CountingStore(plansOf(SETTINGS));
  const log = new StillLog(1);
  const calendar = new Calendar('UTC');
  const makeWorker = async (): Promise<PartitionWorker> => {
    const made = new PartitionWorker({ store, log, settings: SETTINGS, calendar, definitions, now: () => 0 });
    await made.claim(PARTITION);
    return made;
  };
  let worker = await makeWorker();
  for (const [i, { value, atMs, lane }] of lines.entries()) {
    if (isAnother) worker = await makeWorker();
    const one: LogRecord = record(i, value, atMs, lane);
    await worker.process(PARTITION, recordBatchOf([one]));
  }
  return store.newUsers;
}

test.each([
  ['an owner that knows them', false],
  ['another owner', true],
] as const)(
  'an import that is taken back leaves whom nobody else knew for a month as new: to %s',
  async (_, isAnother) => {
    const rows = [live(65 * DAYS, 'ann'), live(68 * DAYS, 'bob')];
    const close = { control: 'close' };
    const lines = [
      live(0, 'ann'),
      tick(70 * DAYS),
      ...rows.map((one) => ({ ...one, lane: 'imp-1', atMs: minutes(70 * DAYS) })),
      { value: close, atMs: minutes(70 * DAYS), lane: 'imp-1' },
      ...rows.map((one) => ({ ...one, lane: takingBackLane('imp-1'), atMs: minutes(70 * DAYS) })),
      { value: close, atMs: minutes(70 * DAYS), lane: takingBackLane('imp-1') },
      live(71 * DAYS, 'ann'),
    ];
    expect(await newUsers(lines, isAnother)).toBe(2);
  },
);
