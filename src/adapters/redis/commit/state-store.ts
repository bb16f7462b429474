import { z } from 'zod';
import { interactions } from '../../../analytics/engagement/definition.ts';
import { type PartitionId, partitionName } from '../../../events/partition.ts';
import { LIVE } from '../../../fold/settings.ts';
import type { Plans } from '../../../fold/state/bucket-plans.ts';
import {
  decodeLaneTime,
  type Histories,
  type LaneNeeds,
  type LanePart,
  type LaneSnapshot,
  type LaneTime,
} from '../../../fold/state/snapshot.ts';
import {
  admittedMembers,
  admittedValues,
  cartRecords,
  cartsDue,
  heldEvents,
  laneTimes,
  linksDue,
  partitionState,
} from '../../../fold/state/state-families.ts';
import type { Position } from '../../../ingestion/ports/event-log.ts';
import type { Claim, Commit, CommitOutcome, ListedCart, StateStore } from '../../../ingestion/ports/state-store.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import { pairs, type RedisClient, readTogether, toStrings, wholeHash } from '../client/connection.ts';
import { Superseded } from '../installation/generations.ts';
import { CommitScript } from './commit-script.ts';
import { encodeCommit } from './encode-commit.ts';
import { LanePartReader, type PartLimits } from './lane-part-reader.ts';
import { type DueLimits, LaneReader } from './lane-reader.ts';
import { PIECE_LIMITS, type PieceLimits } from './piece-writer.ts';
import { Redo } from './redo.ts';
import { type Retention, ShardKeys } from './shard-keys.ts';
import { UserReader } from './user-reader.ts';

const claimReply = z.tuple([
  z.number(),
  z.string().nullable(),
  z.array(z.string()),
  z.string().nullable(),
  z.coerce.number(),
]);
const position = z.string().transform((text) => text as Position);

export interface StateStoreParts {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly plans: Plans;
  readonly retention: Retention;
  /** How much one script may do; tests cut smaller. */
  readonly pieceLimits?: PieceLimits;
  readonly dueLimits?: DueLimits;
  readonly partLimits?: PartLimits;
  /** Is this generation still the one that is counted into? */
  readonly isCurrent?: () => Promise<boolean>;
}

const liveLane = (partition: PartitionId): string => `${partitionName(partition)}:${LIVE}`;

/** Folding's state in Redis, beside the answers, so that both change in one script call. */
export class RedisStateStore implements StateStore {
  private readonly parts: StateStoreParts;
  private readonly commitScript: CommitScript;
  private readonly redo: Redo;
  private readonly limits: PieceLimits;
  private readonly lanes: LaneReader;
  private readonly closing: LanePartReader;
  private readonly users: UserReader;

  constructor(parts: StateStoreParts) {
    this.parts = parts;
    const { redis, keyspace, pieceLimits = PIECE_LIMITS } = parts;
    this.commitScript = new CommitScript(redis);
    this.redo = new Redo(redis, keyspace, this.commitScript);
    this.limits = pieceLimits;
    this.lanes = new LaneReader(parts);
    this.closing = new LanePartReader(parts);
    this.users = new UserReader(parts);
  }

  /** @throws Superseded where counting has moved to another generation, PartitionLost where somebody claimed it meanwhile, BrokenRedo */
  async claim(partition: PartitionId): Promise<Claim> {
    const { isCurrent } = this.parts;
    if (isCurrent !== undefined && !(await isCurrent()))
      throw new Superseded('counting has moved to another generation');
    const lanesKey = this.key(partition, laneTimes, partitionName(partition));
    const reply = await this.parts.redis.claimPartition(
      this.partitionKey(partition),
      lanesKey,
      this.redo.key(partition),
    );
    const [epoch, at, lanes, redo, step] = claimReply.parse(reply);
    if (redo !== null) {
      await this.redo.finish(partition, { epoch, expected: at ?? '', expectedStep: step });
      return this.claim(partition);
    }
    const times = new Map<string, LaneTime>();
    for (const [lane, text] of pairs(lanes)) times.set(lane, decodeLaneTime(text));
    return { epoch, position: at === null ? undefined : position.parse(at), step, lanes: times };
  }

  async standing(partition: PartitionId): Promise<Pick<Claim, 'epoch' | 'position'>> {
    const [at, epoch] = await this.parts.redis.hmget(this.partitionKey(partition), 'position', 'epoch');
    return { epoch: Number(epoch ?? 0), position: at === null || at === undefined ? undefined : position.parse(at) };
  }

  async read(partition: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
    return Promise.all(needs.map((lane) => this.lanes.read(partition, lane)));
  }

  async readAdmitted(partition: PartitionId, days: readonly string[]): Promise<string[][]> {
    const keys = days.map((day) => this.key(partition, admittedValues, `${partitionName(partition)}:${day}`));
    const replies = await readTogether(
      this.parts.redis,
      keys.map((key) => (on) => on.hkeys(key)),
    );
    return replies.map(toStrings);
  }

  async readMembers(partition: PartitionId, days: readonly string[]): Promise<Buffer[]> {
    const keyOf = (day: string) => this.key(partition, admittedMembers, `${partitionName(partition)}:${day}`);
    const stored = await Promise.all(days.map((day) => this.parts.redis.getBuffer(keyOf(day))));
    return stored.map((text) => text ?? Buffer.alloc(0));
  }

  async readPart(partition: PartitionId, lane: string, timeMs: number): Promise<LanePart> {
    return this.closing.read(partition, lane, timeMs);
  }

  /** @see UserReader.read */
  async readUser(
    partition: PartitionId,
    lane: string,
    timeMs: number,
    userId: string,
    withOrders = false,
  ): Promise<LaneSnapshot> {
    return this.users.read(partition, lane, timeMs, userId, withOrders);
  }

  async readListed(partition: PartitionId, userId: string): Promise<{ day: string; field: string }[]> {
    return this.users.readListed(partition, userId);
  }

  async readCarts(partition: PartitionId, asked: readonly ListedCart[]): Promise<Map<string, string>> {
    const replies = await readTogether(
      this.parts.redis,
      asked.map(
        ({ day, field }) =>
          (on) =>
            on.hget(this.key(partition, cartRecords, day), field),
      ),
    );
    return new Map(asked.flatMap(({ field }, i) => (replies[i] == null ? [] : [[field, String(replies[i])] as const])));
  }

  async readHeld(partition: PartitionId): Promise<ReadonlyMap<string, string>> {
    const held = await wholeHash(this.key(partition, heldEvents, liveLane(partition)))(this.parts.redis);
    return new Map(pairs(toStrings(held)));
  }

  async readInteractions(partition: PartitionId, userIds: readonly string[]): Promise<Histories> {
    const keys = userIds.map((userId) => this.key(partition, interactions, userId));
    const replies = await readTogether(
      this.parts.redis,
      keys.map((key) => (on) => on.zrange(key, '0', '-1', 'WITHSCORES')),
    );
    return new Map(
      replies.map((reply, i) => [
        userIds[i] ?? '',
        pairs(toStrings(reply)).map(([member, atMs]) => [Number(atMs), member] as const),
      ]),
    );
  }

  async linksDue(partition: PartitionId, laneMs: number, most: number): Promise<string[]> {
    const key = this.key(partition, linksDue, liveLane(partition));
    return this.parts.redis.zrangebyscore(key, '-inf', `(${laneMs}`, 'LIMIT', 0, most);
  }

  async nextDue(partition: PartitionId, lane: string): Promise<number | undefined> {
    const key = this.key(partition, cartsDue, `${partitionName(partition)}:${lane}`);
    const [, score] = await this.parts.redis.zrange(key, '0', '0', 'WITHSCORES');
    return score === undefined ? undefined : Number(score);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const { keyspace, retention } = this.parts;
    const keys = new ShardKeys(keyspace, keyspace.shardOf(commit.partition.index), retention);
    const { pieces, ahead } = encodeCommit(commit, keys, this.limits);
    const [only, ...others] = pieces;
    if (others.length > 0 || ahead.length > 0) return this.redo.commit(commit, pieces, ahead);
    const declared = [this.partitionKey(commit.partition), ...only.keys];
    return { outcome: await this.commitScript.run(commit, { mode: 'whole' }, declared, only.payload) };
  }

  private key(partition: PartitionId, family: Parameters<Keyspace['key']>[1], dimensions: string): string {
    const { keyspace } = this.parts;
    return keyspace.key(keyspace.shardOf(partition.index), family, dimensions);
  }

  private partitionKey(partition: PartitionId): string {
    return this.key(partition, partitionState, partitionName(partition));
  }
}
