import { type ConnectionOptions, DelayedError, Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from '../../runtime/logger.ts';
import { ATTEMPTS, backoffMs } from '../../webhooks/backoff.ts';
import { type DeliverParts, deliver } from '../../webhooks/deliver.ts';
import { blanked, type Delivery, type DeliveryQueue, deliveryId, deliverySchema } from '../../webhooks/notifier.ts';

const QUEUE = 'webhooks';
const CONCURRENCY = 10;
const DAY_SECONDS = 86_400;
/** Deliveries that are done are known for a day, so that a repeat is told from news. */
const KEPT = { removeOnComplete: { age: DAY_SECONDS, count: 20_000 }, removeOnFail: { count: 1_000 } };

const STATES = ['waiting', 'delayed', 'prioritized', 'active', 'failed', 'completed'] as const;
/** To be tried, or being tried. */
const UNDER_WAY: ReadonlySet<string | undefined> = new Set(['waiting', 'delayed', 'prioritized', 'active']);
/** Jobs looked at in one go. */
const PAGE = 500;

interface DeadDelivery {
  readonly id: string;
  readonly endpoint_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly cart_id: string;
  readonly attempts: number;
  readonly reason: string;
  readonly failed_at: string;
}

/** Deliveries as BullMQ jobs; one for each endpoint and event, however often it is added. */
export class WebhookQueue implements DeliveryQueue {
  private readonly connection: ConnectionOptions;
  private readonly prefix: string;
  private readonly logger: Logger;
  private made: Queue | undefined;

  constructor(connection: ConnectionOptions, prefix: string, logger: Logger) {
    this.connection = connection;
    this.prefix = prefix;
    this.logger = logger;
  }

  /** Made on first use: most shops have no webhooks. */
  private get queue(): Queue {
    if (this.made) return this.made;
    this.made = new Queue(QUEUE, { connection: this.connection, prefix: this.prefix });
    this.made.on('error', (error) => this.logger.warn({ error: error.message }, 'webhooks wait for Redis'));
    return this.made;
  }

  async add(deliveries: readonly Delivery[]): Promise<void> {
    const opts = { ...KEPT, attempts: ATTEMPTS, backoff: { type: 'custom' } };
    await this.queue.addBulk(
      deliveries.map((data) => ({
        name: data.type,
        data,
        opts: { ...opts, jobId: deliveryId(data) },
      })),
    );
  }

  /** Those that were given up, newest first. */
  async dead(limit: number): Promise<DeadDelivery[]> {
    const jobs = await this.queue.getFailed(0, limit - 1);
    return jobs.map((job) => {
      const { endpointId, eventId, type, cartId } = deliverySchema.parse(job.data);
      return {
        id: job.id ?? '',
        endpoint_id: endpointId,
        event_id: eventId,
        type,
        cart_id: cartId,
        attempts: job.attemptsMade,
        reason: job.failedReason ?? '',
        failed_at: new Date(job.finishedOn ?? job.timestamp).toISOString(),
      };
    });
  }

  /** Those that name a user, wherever they stand. */
  async ofUser(userId: string): Promise<{ id: string; type: string; cart_id: string; state: string }[]> {
    const found: { id: string; type: string; cart_id: string; state: string }[] = [];
    for (const state of STATES)
      for (let from = 0; ; from += PAGE) {
        const jobs: (Job | undefined)[] = await this.queue.getJobs([state], from, from + PAGE - 1);
        for (const job of jobs) {
          if (job === undefined) continue;
          const { userId: of, type, cartId } = deliverySchema.parse(job.data);
          if (of === userId) found.push({ id: job.id ?? '', type, cart_id: cartId, state });
        }
        if (jobs.length < PAGE) break;
      }
    return found;
  }

  /** Sends one that was given up again, with all its tries. @returns whether there was one */
  async retry(id: string): Promise<boolean> {
    const job = await this.queue.getJob(id);
    if (job === undefined || !(await job.isFailed())) return false;
    await job.retry('failed', { resetAttemptsMade: true });
    return true;
  }

  /**
   * Takes off what names an erased user, done or not; of one that is
   * on its way just now nothing is kept, and it is not tried again.
   */
  async eraseUser(userId: string): Promise<void> {
    // Twice, since jobs move on from one state to another while they are looked for.
    for (const state of [...STATES, ...STATES]) {
      for (let from = 0; ; ) {
        const jobs: (Job | undefined)[] = await this.queue.getJobs([state], from, from + PAGE - 1);
        let removed = 0;
        for (const job of jobs)
          if (job !== undefined && deliverySchema.parse(job.data).userId === userId && (await takeOff(job)))
            removed += 1;
        if (jobs.length < PAGE) break;
        // Those behind have moved up.
        from += PAGE - removed;
      }
    }
  }

  async close(): Promise<void> {
    await this.made?.close();
  }
}

/** @returns whether it is gone; where it is on its way, what it says is blanked instead */
async function takeOff(job: Job): Promise<boolean> {
  if (!(await job.isActive())) {
    try {
      await job.remove();
      return true;
    } catch (error) {
      if (!(await job.isActive())) throw error;
    }
  }
  await job.updateData(blanked(deliverySchema.parse(job.data)));
  return false;
}

interface WebhookWorkerParts extends Omit<DeliverParts, 'isUnderWay'> {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly logger: Logger;
  /** Milliseconds to wait after so many tries. */
  readonly backoff?: (attempts: number) => number;
}

/** Delivers until it is stopped; what is on its way is waited for. */
export function startWebhookWorker(parts: WebhookWorkerParts): { stop(): Promise<void> } {
  const { connection, prefix, logger, backoff = (attempts) => backoffMs(attempts, Math.random()) } = parts;
  const isUnderWay = async (id: string): Promise<boolean> =>
    UNDER_WAY.has(await (await Job.fromId(worker, id))?.getState());
  const worker: Worker = new Worker(QUEUE, (job, token) => run(job, token, { ...parts, isUnderWay }), {
    connection,
    prefix,
    concurrency: CONCURRENCY,
    settings: { backoffStrategy: backoff },
  });
  worker.on('error', (error) => logger.warn({ error: error.message }, 'webhooks wait for Redis'));
  return { stop: () => worker.close() };
}

async function run(
  job: Job,
  token: string | undefined,
  parts: DeliverParts & Pick<WebhookWorkerParts, 'logger'>,
): Promise<string> {
  const delivery = deliverySchema.parse(job.data);
  const result = await deliver(delivery, parts);
  switch (result.outcome) {
    case 'delivered':
      return 'delivered';
    case 'cancelled':
      return `cancelled: ${result.reason}`;
    case 'postponed':
      await job.moveToDelayed(result.untilMs, token);
      throw new DelayedError();
    case 'dead':
      throw new UnrecoverableError(result.reason);
    case 'failed':
      // It is given up after most of a day: a key that is wrong shows before.
      if (job.attemptsMade === 0)
        parts.logger.warn(
          { endpoint_id: delivery.endpointId, reason: result.reason },
          'a cart could not be delivered, and is tried again',
        );
      throw new Error(result.reason);
  }
}
