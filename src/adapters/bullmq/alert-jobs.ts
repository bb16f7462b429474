import { type ConnectionOptions, type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import { z } from 'zod';
import { type DeliverNoticeParts, deliverNotice } from '../../alerts/deliver.ts';
import { type EngineParts, lookAtAlerts } from '../../alerts/engine.ts';
import type { Notice, NoticeQueue } from '../../alerts/ports.ts';
import type { Logger } from '../../runtime/logger.ts';
import { noticeSchema } from '../redis/installation/alert-store.ts';

const LOOK_QUEUE = 'alerts';
const NOTICE_QUEUE = 'alert-notices';
const LOOK_EVERY_MS = 60_000;
const DAY_SECONDS = 86_400;
/** 5 seconds, then twice as long each time: for most of six hours. */
const TRIES = { attempts: 13, backoff: { type: 'exponential', delay: 5_000 } };
/** Those that are done are known for a day, so that a repeat is told from news. */
const KEPT = { removeOnComplete: { age: DAY_SECONDS, count: 10_000 }, removeOnFail: { count: 1_000 } };

const dataSchema = z.object({ notice: noticeSchema, target: z.int() });

interface AlertJobsParts extends Omit<EngineParts, 'queue'>, DeliverNoticeParts {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly store: EngineParts['store'];
  /** How often rules are looked at; less in tests. */
  readonly everyMs?: number | undefined;
}

/** Looks at alerts every minute in one process, whichever that is, and sends what there is to say. */
export async function startAlertJobs(parts: AlertJobsParts): Promise<{ stop(): Promise<void> }> {
  const { connection, prefix, logger, everyMs = LOOK_EVERY_MS } = parts;
  const looks = new Queue(LOOK_QUEUE, { connection, prefix });
  const notices = new Queue(NOTICE_QUEUE, { connection, prefix });
  const queue = noticeQueue(notices);
  const looker = new Worker(LOOK_QUEUE, () => lookAtAlerts({ ...parts, queue }), {
    connection,
    prefix,
    concurrency: 1,
  });
  const sender = new Worker(NOTICE_QUEUE, (job) => send(job, parts), { connection, prefix, concurrency: 5 });
  report([looks, notices, looker, sender], looker, sender, logger);
  const opts = { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } };
  await looks.upsertJobScheduler('look', { every: everyMs }, { name: 'look', opts });
  return {
    async stop() {
      await Promise.all([looker.close(), sender.close()]);
      await Promise.all([looks.close(), notices.close()]);
    },
  };
}

function noticeQueue(notices: Queue): NoticeQueue {
  return {
    async add(notice: Notice, targets: number) {
      const jobs = Array.from({ length: targets }, (_, target) => ({
        name: notice.turn,
        data: { notice, target },
        opts: { ...KEPT, ...TRIES, jobId: `${notice.id}-${target}` },
      }));
      await notices.addBulk(jobs);
    },
  };
}

async function send(job: Job, parts: DeliverNoticeParts): Promise<string> {
  const { notice, target } = dataSchema.parse(job.data);
  const result = await deliverNotice(notice, target, parts);
  if (result.outcome === 'failed') throw new Error(result.reason);
  if (result.outcome === 'gone') throw new UnrecoverableError('there is no such rule or target any more');
  return result.outcome;
}

function report(all: readonly (Queue | Worker)[], looker: Worker, sender: Worker, logger: Logger): void {
  const waits = (error: Error): void => logger.warn({ error: error.message }, 'alerts wait for Redis');
  for (const one of all) {
    if (one instanceof Worker) one.on('error', waits);
    else one.on('error', waits);
  }
  looker.on('failed', (_, error) => logger.warn({ error: error.message }, 'alerts could not be looked at'));
  sender.on('failed', (job, error) => {
    const isLast = job === undefined || job.attemptsMade >= TRIES.attempts;
    if (isLast) logger.error({ job: job?.id, error: error.message }, 'an alert could not be delivered');
  });
}
