import { type ConnectionOptions, type Job, Queue, Worker } from 'bullmq';
import { type RollUpParts, rollUp } from '../../rollups/roll-up.ts';
import type { Logger } from '../../runtime/logger.ts';

const QUEUE = 'rollups';
/** Late events wait for their merge at most this long. */
const SWEEP_MS = 60_000;
const KEPT_JOBS = 100;

interface RollupJobsParts extends RollUpParts {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly logger: Logger;
  /** What else is done every minute. */
  readonly sweep?: (() => Promise<void>) | undefined;
}

interface RollupJobs {
  stop(): Promise<void>;
}

/**
 * Schedules for closed hours, closed days, and hours that late events
 * touched. BullMQ neither back-fills nor runs once: `rollUp` does not mind.
 */
export async function startRollupJobs({
  connection,
  prefix,
  logger,
  sweep,
  ...parts
}: RollupJobsParts): Promise<RollupJobs> {
  const bounded = { removeOnComplete: { count: KEPT_JOBS }, removeOnFail: { count: KEPT_JOBS }, attempts: 3 };
  const opts = { ...bounded, backoff: { type: 'exponential', delay: 1_000 } };
  const queue = new Queue(QUEUE, { connection, prefix });
  let isStopped = false;
  const run = async (job: Job) => {
    if (job.name === 'sweep') await sweep?.();
    return rollUp({ ...parts, isStopped: () => isStopped });
  };
  const worker = new Worker(QUEUE, run, { connection, prefix, concurrency: 1 });
  const waits = (error: Error): void => logger.warn({ error: error.message }, 'rollups wait for Redis');
  queue.on('error', waits);
  worker.on('error', waits);
  worker.on('failed', (job, error) =>
    logger.error({ job: job?.name, error: error.message }, 'a rollup failed; the next run makes up for it'),
  );
  const tz = parts.calendar.timezone;
  await queue.upsertJobScheduler('hour', { pattern: '5 0 * * * *', tz }, { name: 'hour', opts });
  await queue.upsertJobScheduler('day', { pattern: '30 0 0 * * *', tz }, { name: 'day', opts });
  await queue.upsertJobScheduler('sweep', { every: SWEEP_MS }, { name: 'sweep', opts });
  return {
    async stop() {
      isStopped = true;
      await worker.close();
      await queue.close();
    },
  };
}
