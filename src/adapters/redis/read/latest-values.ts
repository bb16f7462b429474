import { setImmediate as nextTurn } from 'node:timers/promises';
import { RENAMED } from '../../../fold/state/state-families.ts';
import type { LatestFamily } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { unstampLatest } from '../commit/latest-stamp.ts';
import { eachPair, keepingGreatest } from './merging.ts';
import { fieldsOf, type ShardRead, wholeHashOf } from './shard-read.ts';
import type { ShardReads } from './shard-reads.ts';
import type { UnfinishedCommits } from './unfinished-commits.ts';

const AT_ONCE = 10_000;

/** Every member's newest value, and what says whether it still is: undefined where nothing can. */
export interface Groups {
  readonly values: ReadonlyMap<string, string>;
  readonly version: string | undefined;
}

/** What readers of a process keep of families that hardly ever change. */
export class KeptGroups {
  readonly byFamily = new Map<string, Groups>();
}

/** Values of which the newest stays. */
export class LatestValues {
  private readonly keyspace: Keyspace;
  private readonly reads: ShardReads;
  private readonly commits: UnfinishedCommits;
  private readonly kept: KeptGroups;

  constructor(keyspace: Keyspace, reads: ShardReads, commits: UnfinishedCommits, kept: KeptGroups) {
    this.keyspace = keyspace;
    this.reads = reads;
    this.commits = commits;
    this.kept = kept;
  }

  async of(family: LatestFamily, fields: readonly string[]): Promise<(string | undefined)[]> {
    const stamps = new Map<string, string>();
    await this.ask((shard) => fieldsOf([this.keyspace.key(shard, family, '')], [''], fields, keepingGreatest(stamps)));
    return fields.map((field) => {
      const stamp = stamps.get(field);
      return stamp === undefined ? undefined : unstampLatest(stamp);
    });
  }

  async all(family: LatestFamily): Promise<Map<string, string>> {
    const stamps = new Map<string, string>();
    const keep = keepingGreatest(stamps);
    await this.ask((shard) => [wholeHashOf(this.keyspace.key(shard, family, ''), '', (flat) => eachPair(flat, keep))]);
    let looked = 0;
    for (const [field, stamp] of stamps) {
      stamps.set(field, unstampLatest(stamp));
      if (++looked % AT_ONCE === 0) await nextTurn();
    }
    return stamps;
  }

  /** All of them, read again only where one has changed since. */
  async groups(family: LatestFamily): Promise<Groups> {
    const version = await this.version();
    const known = this.kept.byFamily.get(family.name);
    if (known !== undefined && version !== undefined && known.version === version) return known;
    // Asked for first: what changes meanwhile is read again the next time.
    const read = { values: await this.all(family), version };
    this.kept.byFamily.set(family.name, read);
    return read;
  }

  /** How often a value has changed in each partition. */
  private async version(): Promise<string | undefined> {
    const changes: string[] = [];
    let partitions = 0;
    await this.ask((shard) =>
      this.commits.keysOf(shard).flatMap((key) => {
        partitions += 1;
        return fieldsOf([key], [''], [RENAMED], (_, n) => changes.push(`${key}=${n}`));
      }),
    );
    return partitions === 0 ? undefined : changes.sort().join();
  }

  private async ask(reads: (shard: number) => readonly ShardRead[]): Promise<void> {
    const shards = Array.from({ length: this.keyspace.shards }, (_, shard) => shard);
    await Promise.all(shards.map((shard) => this.reads.ask(shard, reads(shard))));
  }
}
