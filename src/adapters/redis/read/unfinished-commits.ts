import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { partitionState } from '../../../fold/state/state-families.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { RedisClient } from '../client/connection.ts';
import { CommitScript } from '../commit/commit-script.ts';
import { Redo } from '../commit/redo.ts';

const appliedSchema = z.tuple([z.number(), z.string(), z.number(), z.number()]);
const REST_MS = 5;

/**
 * Large commits are applied in pieces. An answer that came in between would not agree with itself, so whoever reads finishes what was
 * decided: it lies in Redis whole, a piece is applied once whoever applies it, and to the owner it is as if a reply had been lost.
 */
export class UnfinishedCommits {
  private readonly redo: Redo;
  private readonly byShard: readonly (readonly { readonly partition: PartitionId; readonly key: string }[])[];
  /** Many answers find the same commit. */
  private readonly finishing = new Map<string, Promise<void>>();

  constructor(redis: RedisClient, keyspace: Keyspace, partitions: readonly PartitionId[]) {
    this.redo = new Redo(redis, keyspace, new CommitScript(redis));
    this.byShard = Array.from({ length: keyspace.shards }, (_, shard) =>
      partitions
        .filter(({ index }) => keyspace.shardOf(index) === shard)
        .map((partition) => ({ partition, key: keyspace.key(shard, partitionState, partitionName(partition)) })),
    );
  }

  /** Of the shard's partitions. */
  keysOf(shard: number): string[] {
    return (this.byShard[shard] ?? []).map(({ key }) => key);
  }

  /** @param applying as scripts/read-together.lua tells it */
  async finish(shard: number, applying: readonly unknown[]): Promise<void> {
    const commits: Promise<void>[] = [];
    for (let i = 0; i < applying.length; i += 4) {
      const [place, position, epoch, step] = appliedSchema.parse(applying.slice(i, i + 4));
      const found = this.byShard[shard]?.[place - 1];
      if (found !== undefined) commits.push(this.once(found.key, found.partition, position, epoch, step));
    }
    await Promise.all(commits);
  }

  private once(key: string, partition: PartitionId, position: string, epoch: number, step: number): Promise<void> {
    const name = `${key} ${epoch} ${position}+${step}`;
    const known = this.finishing.get(name);
    if (known !== undefined) return known;
    const claimed = { epoch, expected: position === '' ? undefined : position, expectedStep: step };
    const finished = this.redo
      .finish(partition, claimed)
      // The owner has finished it, or somebody has claimed the partition; what is wrong with a commit its owner says.
      .catch(() => sleep(REST_MS))
      .finally(() => this.finishing.delete(name));
    this.finishing.set(name, finished);
    return finished;
  }
}
