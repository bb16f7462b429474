import { definitions } from '../../../src/analytics/index.ts';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { PartitionWorker } from '../../../src/ingestion/partition-worker.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { MEMBER_CAPS } from '../../../src/metrics/members.ts';
import { pastOf } from '../../../src/simulator/past.ts';
import { Calendar } from '../../../src/time/calendar.ts';
import { record, SETTINGS, StillLog } from '../../support/core/feed.ts';
import type { BenchArchive } from './bench-archive.ts';
import { ForgetfulStore } from './forgetful-store.ts';

const BATCH = 20_000;
/** Rows that are written together. */
const FLUSH_EVERY = 200_000;
/** Of a shop's events: the others are about stock, which lies in another partition. */
const OF_VISITORS = 0.95;

export interface History {
  readonly events: number;
  readonly days: number;
  readonly endMs: number;
}

export interface Written {
  readonly events: number;
  readonly foldSeconds: number;
  readonly parquetSeconds: number;
}

/** A shop's past as its owner counts it, without a Redis: rows go the way that they always go. */
export async function writeHistory(
  { events, days, endMs }: History,
  archive: BenchArchive,
  tell: (line: string) => void,
): Promise<Written> {
  const worker = new PartitionWorker({
    store: new ForgetfulStore(plansOf(SETTINGS)),
    log: new StillLog(1),
    settings: SETTINGS,
    calendar: new Calendar('UTC'),
    definitions,
    memberCaps: MEMBER_CAPS,
    muted: true,
    archive: archive.events,
    now: () => Date.now(),
  });
  const partition = { topic: 'events', index: 0 } as const;
  await worker.claim(partition);
  const eventsInHour = (): number => events / OF_VISITORS / days / 24;
  const past = pastOf({ seed: 5, catalogueSeed: 5, name: 'bench', days, endMs, eventsInHour });
  let [count, foldSeconds, parquetSeconds] = [0, 0, 0];
  const flush = async (): Promise<void> => {
    const began = performance.now();
    await archive.events.flush();
    parquetSeconds += (performance.now() - began) / 1_000;
    tell(`${count} events counted in ${foldSeconds.toFixed(1)} s, written in ${parquetSeconds.toFixed(1)} s`);
  };
  let batch: ReturnType<typeof record>[] = [];
  for (const event of past) {
    if (event['user_id'] === undefined) continue;
    batch.push(record(count + batch.length, event, Number(event['timestamp'])));
    const isAll = count + batch.length >= events;
    if (batch.length < BATCH && !isAll) continue;
    const began = performance.now();
    await worker.process(partition, recordBatchOf(batch));
    foldSeconds += (performance.now() - began) / 1_000;
    count += batch.length;
    batch = [];
    if (count % FLUSH_EVERY === 0 || isAll) await flush();
    if (isAll) break;
  }
  return { events: count, foldSeconds, parquetSeconds };
}
