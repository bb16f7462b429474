import { randomInt } from 'node:crypto';
import { definitions } from '../../analytics/index.ts';
import type { Config } from '../../config.ts';
import { PartitionWorker, type WorkerParts } from '../../ingestion/partition-worker.ts';
import { Calendar } from '../../time/calendar.ts';
import { HASH_SEEDS, settingsOf } from '../servers.ts';

/** Counts into a generation that nobody reads yet, and says nothing to others: what it would say was said. */
export function mutedWorker(
  config: Config,
  parts: Pick<WorkerParts, 'store' | 'log' | 'known' | 'leftOut'>,
): PartitionWorker {
  return new PartitionWorker({
    ...parts,
    settings: settingsOf(config),
    calendar: new Calendar(config.STORE_TIMEZONE),
    definitions,
    hashSeed: randomInt(HASH_SEEDS),
    muted: true,
    now: () => Date.now(),
  });
}
