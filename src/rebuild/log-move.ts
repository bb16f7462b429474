import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import type { EventLog, Position } from '../ingestion/ports/event-log.ts';
import type { StateStore } from '../ingestion/ports/state-store.ts';
import { type CopyParts, LogCopy } from './copy-log.ts';
import { RebuildRefused } from './rebuild.ts';

/** Processes ask once a second whether the answers have moved; so long they may still use what was there before. */
export const READERS_MOVE_MS = 5_000;

/** A log on its way into one with other partitions, or of another name. */
export class LogMove {
  readonly from: EventLog;
  /** Where what is counted live ends in the new log, once it is copied. */
  readonly countedEnds = new Map<string, Position>();
  private readonly to: EventLog;
  private readonly copy: LogCopy;
  private reached: ReadonlyMap<string, Position> = new Map();

  constructor(parts: CopyParts) {
    this.from = parts.from;
    this.to = parts.to;
    this.copy = new LogCopy(parts);
  }

  /** @throws RebuildRefused where somebody counts, or where the new log holds something */
  async check(): Promise<void> {
    const { from, to } = this;
    if ((await from.consumers()) > 0)
      throw new RebuildRefused('the log is copied with nobody at work: stop every other process, and try again');
    if ([...(await to.ends()).values()].some((end) => to.distance(to.start, end) > 0))
      throw new RebuildRefused(
        'the log is copied into topics that hold nothing yet: name others with KAFKA_EVENTS_TOPIC and KAFKA_INVENTORY_TOPIC, or delete these',
      );
  }

  /** Copies everything. @returns records that the old log had forgotten */
  async copyCounted(live: Pick<StateStore, 'standing'>): Promise<number> {
    const { from, to } = this;
    const begins = await from.begins();
    const counted = new Map<string, Position>();
    for (const partition of from.partitions)
      counted.set(partitionName(partition), (await live.standing(partition)).position ?? from.start);
    await this.copy.run(begins, counted);
    for (const [name, end] of await to.ends()) this.countedEnds.set(name, end);
    // What waits to be counted goes along before the switch, so that no kill can leave it behind.
    this.reached = await from.ends();
    await this.copy.run(counted, this.reached);
    return [...begins.values()].reduce((sum, begin) => sum + from.distance(from.start, begin), 0);
  }

  /** Copies what has come all the same, until nothing comes any more. */
  async copyRest(): Promise<void> {
    for (;;) {
      const ends = await this.from.ends();
      if (isDeepStrictEqual(ends, this.reached)) break;
      await this.copy.run(this.reached, ends);
      this.reached = ends;
      await sleep(READERS_MOVE_MS);
    }
    await this.copy.catchUp();
  }
}

const carriesUser = z.object({
  value: z.string().transform((text) => z.object({ user_id: z.string() }).parse(JSON.parse(text))),
});

/** The partition of the user whose cart a waiting message is about. */
export function ownerOf(text: string, partitions: number): PartitionId {
  const { value } = carriesUser.parse(JSON.parse(text));
  return { topic: 'events', index: partitionOf(value.user_id, partitions) };
}
