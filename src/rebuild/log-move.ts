import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type PartitionId, partitionName } from '../events/partition.ts';
import { partitionOf } from '../events/partitioner.ts';
import { parseOutgoing } from '../fold/links/outgoing.ts';
import type { EventLog, Position } from '../ingestion/ports/event-log.ts';
import type { StateStore } from '../ingestion/ports/state-store.ts';
import { type Sleep, sleep } from '../runtime/retry.ts';
import { type CopyParts, LogCopy } from './copy-log.ts';
import { RebuildRefused } from './rebuild.ts';

/** Processes ask once a second whether the answers have moved; so long they may still use what was there before. */
export const READERS_MOVE_MS = 5_000;

/** Whoever sends to the old log for longer than this goes on sending. */
const MAX_ROUNDS = 24;

/** The answers have moved to the new log, and something still sends to the old one. */
export class OldLogInUse extends Error {
  readonly code = 'old-log-in-use';
  readonly retryable = false;

  constructor(records: number) {
    super(
      `the answers have moved to the new log, but up to ${records} records that came to the old one since are not copied: stop what sends there, and send these records again`,
    );
  }
}

/** A log on its way into one with other partitions, or of another name. */
export class LogMove {
  readonly from: EventLog;
  /** Where what is counted live ends in the new log, once it is copied. */
  readonly countedEnds = new Map<string, Position>();
  private readonly to: EventLog;
  private readonly copy: LogCopy;
  private readonly signal: AbortSignal;
  private readonly sleep: Sleep;
  private reached: ReadonlyMap<string, Position> = new Map();

  constructor(parts: CopyParts & { readonly sleep?: Sleep }) {
    this.from = parts.from;
    this.to = parts.to;
    this.signal = parts.signal;
    this.sleep = parts.sleep ?? sleep;
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

  /** Copies what has come all the same, until nothing comes any more. @throws OldLogInUse */
  async copyRest(): Promise<void> {
    let ends = await this.from.ends();
    for (let round = 0; !isDeepStrictEqual(ends, this.reached); round += 1) {
      if (round === MAX_ROUNDS || this.signal.aborted) throw new OldLogInUse(this.recordsUpTo(ends));
      await this.copy.run(this.reached, ends);
      if (this.signal.aborted) throw new OldLogInUse(this.recordsUpTo(ends));
      this.reached = ends;
      await this.sleep(READERS_MOVE_MS, this.signal);
      ends = await this.from.ends();
    }
    await this.copy.catchUp();
  }

  /** Records between what was copied and these places. */
  private recordsUpTo(ends: ReadonlyMap<string, Position>): number {
    const { from, reached } = this;
    return [...ends].reduce((sum, [name, end]) => sum + from.distance(reached.get(name) ?? from.start, end), 0);
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

/** The partition that a waiting record is for. */
export function recipientOf(text: string, partitions: number): PartitionId {
  return { topic: 'events', index: partitionOf(parseOutgoing(text).to, partitions) };
}
