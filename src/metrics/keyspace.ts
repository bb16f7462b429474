import { shortHash } from '../events/ids/short-hash.ts';
import type { Family } from './family.ts';

/**
 * The one place where Redis keys are built: `prefix:generation:{shard}:family:dimensions:window`.
 * All keys of a shard share a hash tag, so that one script call may touch them in Redis Cluster.
 */
export class Keyspace {
  readonly prefix: string;
  readonly generation: number;
  readonly shards: number;
  /** Tells logs of the installation apart: empty for its first. */
  readonly logName: string;

  constructor(prefix: string, generation: number, shards: number, logName = '') {
    this.prefix = prefix;
    this.generation = generation;
    this.shards = shards;
    this.logName = logName;
  }

  /** The same installation's keys of another generation, or in another number of shards. */
  with({ generation = this.generation, shards = this.shards, logName = this.logName }): Keyspace {
    return new Keyspace(this.prefix, generation, shards, logName);
  }

  /** Matches every key of the generation. */
  everything(): string {
    return `${this.prefix}:${this.generation}:{*`;
  }

  /** Matches every key of the embedded log's partitions. */
  everyLogKey(): string {
    return `${this.prefix}:log${this.logName}:{*-*`;
  }

  /** Partition → shard is fixed, so that a partition's state and answers stay in one place. */
  shardOf(partition: number): number {
    return partition % this.shards;
  }

  key(shard: number, of: Family, dimensions: string, window = ''): string {
    const parts = dimensions === '' ? of.name : `${of.name}:${dimensions}`;
    return `${this.prefix}:${this.generation}:{${shard}}:${window === '' ? parts : `${parts}:${window}`}`;
  }

  /** A key that a script uses while it runs, and leaves nothing in. */
  scratch(shard: number): string {
    return `${this.prefix}:${this.generation}:{${shard}}:scratch`;
  }

  /** Keys of the installation as a whole, outside generations and shards. */
  installation(
    name:
      | 'settings'
      | 'simulation'
      | 'imports'
      | 'import-entries'
      | 'import-order'
      | 'import-take-backs'
      | 'rollup'
      | 'log-ids'
      | 'duties'
      | 'rebuild'
      | 'rebuild-duties'
      | 'rebuild-lease'
      | 'publisher'
      | 'published'
      | 'webhooks'
      | 'webhook-health'
      | 'webhooks-disabled'
      | 'answered'
      | 'answered-times'
      | 'keys'
      | 'keys-state'
      | 'audit'
      | 'files-to-rewrite'
      | 'erasures'
      | 'alerts'
      | 'alert-states'
      | 'alert-history'
      | 'notes'
      | 'views'
      | 'reconciliations'
      | 'reconciliation-order'
      | 'reconciliation-rows',
  ): string {
    return `${this.prefix}:{installation}:${name}`;
  }

  /** Whose it is to take an import back. */
  takeBackLease(importId: string): string {
    return `${this.prefix}:{installation}:take-back-lease:${importId}`;
  }

  /** How often each key was used on a day. */
  keyRequests(day: string): string {
    return `${this.prefix}:{installation}:key-requests:${day}`;
  }

  /** What the metric of an alert was, by moment. */
  alertValues(id: string): string {
    return `${this.prefix}:{installation}:alert-values:${id}`;
  }

  /** The embedded log's keys of one partition: `entries` (stream), `end` (next offset), and whose it is to read. */
  log(topic: string, partition: number, part: 'entries' | 'end' | 'lease' | 'rebuild-lease'): string {
    return `${this.prefix}:log${this.logName}:{${topic}-${partition}}:${part}`;
  }

  deadLetterStream(): string {
    return `${this.prefix}:log:{dlq}:entries`;
  }

  /** What goes out, where no Kafka has topics for it. */
  outStream(topic: 'carts.abandoned' | 'carts.recovered' | 'actions.5s'): string {
    return `${this.prefix}:out:{${topic}}:entries`;
  }

  /** What a shop's hooks have said of an order or a cart. */
  reported(about: string): string {
    return `${this.prefix}:reported:${shortHash([about])}`;
  }

  /** The last requests of a way in. */
  requestsOf(way: string): string {
    return `${this.prefix}:requests:${way}`;
  }

  /** BullMQ's prefix; the hash tag keeps a queue in one slot. */
  queuePrefix(): string {
    return `{${this.prefix}:bull}`;
  }
}
