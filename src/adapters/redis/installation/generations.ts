import { z } from 'zod';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import { Lease } from '../client/lease.ts';
import { deleteKeys, type Installed, readInstalled, type Shape } from './installation.ts';

const LEASE_MS = 15_000;
const CHECK_INTERVAL_MS = 1_000;

/** A generation to be removed, with its embedded log where that was copied into another. */
const retiredSchema = z.object({ generation: z.int(), logName: z.string().optional() });
type Retired = z.infer<typeof retiredSchema>;

const rebuildSchema = z.object({
  generation: z.int(),
  /** What it is folded by, as text: compared as a whole. */
  shape: z.string(),
  /** Switched over; what remains is to remove the generation before. */
  retired: retiredSchema.optional(),
});

type Rebuilding = z.infer<typeof rebuildSchema>;

/** The answers have moved to another generation: whoever reads or counts goes there. */
export class Superseded extends Error {
  readonly code = 'superseded';
  readonly retryable = true;
}

/** Another process rebuilds already. */
class RebuildRunning extends Error {
  readonly code = 'rebuild-running';
  readonly retryable = true;
}

/** Generations of an installation's keys: the one in use, and one that is being made beside it. */
export class Generations {
  private readonly redis: RedisClient;
  private readonly keyspace: Keyspace;

  constructor(redis: RedisClient, keyspace: Keyspace) {
    this.redis = redis;
    this.keyspace = keyspace;
  }

  live(): Promise<Installed | undefined> {
    return readInstalled(this.redis, this.keyspace);
  }

  /** Is the generation of this keyspace still the one in use? */
  async isCurrent(): Promise<boolean> {
    const installed = await this.live();
    return installed === undefined || installed.generation === this.keyspace.generation;
  }

  /** Resolves when the installation has moved on from this keyspace's generation. */
  watch(): { readonly superseded: Promise<void>; stop(): void } {
    let timer: NodeJS.Timeout | undefined;
    const superseded = new Promise<void>((resolve) => {
      timer = setInterval(() => {
        // While Redis does not answer, nothing can have moved for this process.
        this.isCurrent().then(
          (current) => current || resolve(),
          () => undefined,
        );
      }, CHECK_INTERVAL_MS);
      timer.unref();
    });
    return { superseded, stop: () => clearInterval(timer) };
  }

  /** Keeps others from rebuilding at the same time. @throws RebuildRunning */
  async lease(owner: string): Promise<{ readonly lost: AbortSignal; release(): Promise<void> }> {
    const lease = new Lease(this.redis, this.keyspace.installation('rebuild-lease'), owner, LEASE_MS);
    if (!(await lease.take()))
      throw new RebuildRunning(
        'another process is rebuilding; wait for it, or try again 15 seconds after it was killed',
      );
    return { lost: lease.keep(), release: () => lease.release() };
  }

  /**
   * The generation to fold into: one that a rebuild by the same shape has begun and not ended, or a new one.
   * What an abandoned rebuild, or an ended one that could not clean up, has left is removed first.
   */
  async next(
    live: Installed,
    shape: Shape,
    resumable: boolean,
  ): Promise<{ readonly generation: number; readonly resumed: boolean }> {
    const begun = await this.begun();
    const text = JSON.stringify(shape);
    if (resumable && begun !== undefined && begun.retired === undefined && begun.shape === text)
      return { generation: begun.generation, resumed: true };
    if (begun !== undefined) await this.remove(begun.retired ?? { ...begun, logName: copiedLog(begun.generation) });
    const generation = Math.max(live.generation, begun?.generation ?? 0) + 1;
    await this.note({ generation, shape: text });
    return { generation, resumed: false };
  }

  /** From here on every process reads and counts in the generation; one command, so that nobody sees half of it. */
  async switchTo(installed: Installed, from: Installed): Promise<void> {
    const { generation } = installed;
    const logName = from.logName === installed.logName ? undefined : from.logName;
    const retired = { generation: from.generation, ...(logName !== undefined && { logName }) };
    await this.redis
      .multi()
      .set(this.keyspace.installation('settings'), JSON.stringify(installed))
      .set(
        this.keyspace.installation('rebuild'),
        JSON.stringify({ generation, shape: '', retired } satisfies Rebuilding),
      )
      .exec();
  }

  /** Removes what was in use before the switch. */
  async cleanUp(): Promise<void> {
    const begun = await this.begun();
    if (begun?.retired === undefined) return;
    await this.remove(begun.retired);
    await this.redis.del(this.keyspace.installation('rebuild'));
  }

  private async begun(): Promise<Rebuilding | undefined> {
    const stored = await this.redis.get(this.keyspace.installation('rebuild'));
    return stored === null ? undefined : rebuildSchema.parse(JSON.parse(stored));
  }

  private async note(rebuilding: Rebuilding): Promise<void> {
    await this.redis.set(this.keyspace.installation('rebuild'), JSON.stringify(rebuilding));
  }

  private async remove({ generation, logName }: Retired): Promise<void> {
    const patterns = [this.keyspace.with({ generation }).everything()];
    if (logName !== undefined) patterns.push(this.keyspace.with({ logName }).everyLogKey());
    await deleteKeys(this.redis, patterns, () => undefined);
  }
}

/** The embedded log that a generation with another number of partitions counts. */
export const copiedLog = (generation: number): string => `-${generation}`;
