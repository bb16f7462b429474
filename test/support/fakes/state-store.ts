import { interactions } from '../../../src/analytics/engagement/definition.ts';
import { type PartitionId, partitionName } from '../../../src/events/partition.ts';
import { erasedName } from '../../../src/fold/erased-name.ts';
import { LIVE, OUTBOX_BOUND } from '../../../src/fold/settings.ts';
import {
  bucketedFamily,
  byKind,
  type KeptKind,
  keptAs,
  OF_USERS,
  type Plans,
} from '../../../src/fold/state/bucket-plans.ts';
import { bucketsAlive } from '../../../src/fold/state/buckets.ts';
import {
  type Bucketed,
  decodeLaneTime,
  type Histories,
  type LaneNeeds,
  type LanePart,
  type LaneSnapshot,
  type LaneTime,
  NOTHING_FOUND,
  type SeenBucket,
} from '../../../src/fold/state/snapshot.ts';
import {
  admittedMembers,
  admittedValues,
  cartDays,
  cartRecords,
  carts,
  cartsDue,
  cartsExpiring,
  heldEvents,
  laneTimes,
  linksDue,
  seenEvents,
} from '../../../src/fold/state/state-families.ts';
import { isAmong } from '../../../src/fold/state/state-keys.ts';
import type { Position } from '../../../src/ingestion/ports/event-log.ts';
import type { Claim, Commit, CommitOutcome, ListedCart, StateStore } from '../../../src/ingestion/ports/state-store.ts';
import { byScore, keyOf, MemoryContents } from './contents.ts';

interface Owned {
  epoch: number;
  position: Position | undefined;
}

/**
 * The state store without a server; `test/ingestion/memory-store.redis.test.ts`
 * shows that it holds what Redis would hold.
 */
export class MemoryStateStore implements StateStore {
  readonly contents = new MemoryContents();
  readonly tallies = new Map<string, number>();
  private readonly plans: Plans;
  private readonly outboxBound: number;
  private readonly owned = new Map<string, Owned>();

  constructor(plans: Plans, outboxBound = OUTBOX_BOUND) {
    this.plans = plans;
    this.outboxBound = outboxBound;
  }

  async claim(partition: PartitionId): Promise<Claim> {
    const owned = this.of(partition);
    owned.epoch += 1;
    const lanes = new Map<string, LaneTime>();
    for (const [lane, text] of this.contents.hash(keyOf(laneTimes, partitionName(partition))))
      lanes.set(lane, decodeLaneTime(text));
    return { ...owned, step: 0, lanes };
  }

  async standing(partition: PartitionId): Promise<Pick<Claim, 'epoch' | 'position'>> {
    return { ...this.of(partition) };
  }

  async read(partition: PartitionId, needs: readonly LaneNeeds[]): Promise<LaneSnapshot[]> {
    return needs.map((of) => {
      const name = `${partitionName(partition)}:${of.lane}`;
      const due = [cartsDue, cartsExpiring].flatMap((family) =>
        [...this.contents.sortedSet(keyOf(family, name))].flatMap(([user, at]) => (at < of.untilMs ? [user] : [])),
      );
      return {
        ...byKind((kind) => this.find(kind, name, of.times[keptAs(kind).clock ?? 'lane'], of[kind])),
        seen: of.seen ? this.seen(name, of.times.own) : [],
        carts: this.cartsOf(name, [...of.users, ...due]),
      };
    });
  }

  async readAdmitted(partition: PartitionId, days: readonly string[]): Promise<string[][]> {
    const keys = days.map((day) => keyOf(admittedValues, `${partitionName(partition)}:${day}`));
    return keys.map((key) => [...this.contents.hash(key).keys()]);
  }

  async readMembers(partition: PartitionId, days: readonly string[]): Promise<Buffer[]> {
    const keys = days.map((day) => keyOf(admittedMembers, `${partitionName(partition)}:${day}`));
    return keys.map((key) => this.contents.texts.get(key) ?? Buffer.alloc(0));
  }

  async readPart(partition: PartitionId, lane: string, timeMs: number): Promise<LanePart> {
    return { snapshot: this.whole(partition, lane, timeMs), isAll: true };
  }

  private whole(partition: PartitionId, lane: string, timeMs: number): LaneSnapshot {
    const name = `${partitionName(partition)}:${lane}`;
    const moved = new Set(OF_USERS.map(({ kind }) => kind));
    return {
      ...NOTHING_FOUND,
      ...byKind((kind) => (moved.has(kind) ? this.find(kind, name, timeMs) : NOTHING_FOUND[kind])),
      carts: new Map(this.contents.hash(keyOf(carts, name))),
    };
  }

  async readUser(partition: PartitionId, lane: string, timeMs: number, userId: string): Promise<LaneSnapshot> {
    const whole = this.whole(partition, lane, timeMs);
    const erased = whole.known.get(erasedName(userId));
    const own = byKind((kind) => {
      const fields = keptAs(kind).ofUser?.(userId);
      return new Map([...whole[kind]].filter(([field]) => fields !== undefined && isAmong(field, fields)));
    });
    if (erased !== undefined) own.known.set(erasedName(userId), erased);
    return {
      ...NOTHING_FOUND,
      ...own,
      carts: this.cartsOf(`${partitionName(partition)}:${lane}`, [userId]),
    };
  }

  async readHeld(partition: PartitionId): Promise<ReadonlyMap<string, string>> {
    return new Map(this.contents.hash(keyOf(heldEvents, `${partitionName(partition)}:${LIVE}`)));
  }

  async readInteractions(_partition: PartitionId, userIds: readonly string[]): Promise<Histories> {
    return new Map(
      userIds.map((userId) => [
        userId,
        [...this.contents.sortedSet(keyOf(interactions, userId))].map(([member, atMs]) => [atMs, member] as const),
      ]),
    );
  }

  async linksDue(partition: PartitionId, laneMs: number, most: number): Promise<string[]> {
    const due = [...this.contents.sortedSet(keyOf(linksDue, `${partitionName(partition)}:${LIVE}`))];
    return due.flatMap(([user, at]) => (at < laneMs ? [user] : [])).slice(0, most);
  }

  async readListed(_partition: PartitionId, userId: string): Promise<{ day: string; field: string }[]> {
    return [...this.contents.hash(keyOf(cartDays, '')).keys()].flatMap((day) =>
      [...this.contents.hash(keyOf(cartRecords, day)).keys()]
        .filter((field) => JSON.parse(field)[0] === userId)
        .map((field) => ({ day, field })),
    );
  }

  async readCarts(_partition: PartitionId, asked: readonly ListedCart[]): Promise<Map<string, string>> {
    return new Map(
      asked.flatMap(({ day, field }) => {
        const stored = this.contents.hash(keyOf(cartRecords, day)).get(field);
        return stored === undefined ? [] : [[field, stored] as const];
      }),
    );
  }

  async nextDue(partition: PartitionId, lane: string): Promise<number | undefined> {
    return byScore(this.contents.sortedSet(keyOf(cartsDue, `${partitionName(partition)}:${lane}`)))[0]?.[1];
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    const owned = this.of(commit.partition);
    if (owned.epoch > commit.epoch) return { outcome: 'fenced' };
    if (owned.position === commit.target) return { outcome: 'already-applied' };
    if (owned.position !== commit.expected || owned.epoch < commit.epoch) return { outcome: 'conflict' };
    for (const queue of commit.writes.queued.keys())
      if (this.contents.sortedSet(keyOf(queue, partitionName(commit.partition))).size >= this.outboxBound)
        return { outcome: 'outbox-full' };
    this.contents.apply(commit);
    owned.position = commit.target;
    for (const [name, n] of Object.entries(commit.tallies)) this.tallies.set(name, (this.tallies.get(name) ?? 0) + n);
    return { outcome: 'applied' };
  }

  private seen(lane: string, timeMs: number | undefined): SeenBucket[] {
    return (timeMs === undefined ? [] : bucketsAlive(this.plans.seen, timeMs)).flatMap((bucket) => {
      const ids = this.contents.texts.get(keyOf(seenEvents, `${lane}:${bucket}`));
      return ids === undefined ? [] : [{ bucket, ids }];
    });
  }

  private of(partition: PartitionId): Owned {
    const name = partitionName(partition);
    const owned = this.owned.get(name) ?? { epoch: 0, position: undefined };
    this.owned.set(name, owned);
    return owned;
  }

  private cartsOf(lane: string, users: readonly string[]): Map<string, string> {
    const all = this.contents.hash(keyOf(carts, lane));
    return new Map(
      users.flatMap((user) => {
        const cart = all.get(user);
        return cart === undefined ? [] : [[user, cart]];
      }),
    );
  }

  /** The newest bucket that has a field wins; buckets that hold nothing alive are not looked at. */
  private find(
    kind: KeptKind,
    lane: string,
    timeMs: number | undefined,
    asked?: readonly string[],
  ): Map<string, Bucketed> {
    const { family, plan } = bucketedFamily(kind, this.plans);
    const found = new Map<string, Bucketed>();
    for (const bucket of timeMs === undefined ? [] : bucketsAlive(plan, timeMs)) {
      const stored = this.contents.hash(keyOf(family, `${lane}:${bucket}`));
      for (const field of asked ?? stored.keys()) {
        const value = stored.get(field);
        if (value !== undefined && !found.has(field)) found.set(field, { bucket, value });
      }
    }
    return found;
  }
}
