import { partitionName } from '../../../events/partition.ts';
import { namedIn } from '../../../fold/carts/cart-message.ts';
import { OUTBOX_BOUND } from '../../../fold/settings.ts';
import { deadLetterLog, outbox } from '../../../fold/state/state-families.ts';
import type { Commit } from '../../../ingestion/ports/state-store.ts';
import { rankedDimensions, rankingField, unchangedDays } from '../../../metrics/bookkeeping-families.ts';
import { addUpTo, type Sums } from '../../../metrics/coarser-windows.ts';
import { type Family, type Lives, ttlSeconds } from '../../../metrics/family.ts';
import type { Keyspace } from '../../../metrics/keyspace.ts';
import type { Writes } from '../../../metrics/writes.ts';
import { type LocalTime, labelOf, type WindowName } from '../../../time/windows.ts';
import { packed } from '../client/msgpack.ts';
import { stampLatest } from './latest-stamp.ts';
import { FIRST_KEY, type Op, type OpList, type OpName, type Piece } from './pieces.ts';

export interface Retention extends Lives {
  /** Caps that the settings give, by family; others are those of the declaration. */
  readonly caps: ReadonlyMap<string, number>;
}

type WritesOfCommit = Pick<Commit, 'partition' | 'writes' | 'tallies' | 'deadLetters' | 'erased'>;

export interface EncodedCommit {
  /** What may be written twice without a trace: histories, and values of which the newest stays. */
  readonly ahead: OpList | undefined;
  readonly rest: OpList;
  readonly tallies: readonly (string | number)[];
}

/**
 * Turns summed-up writes into declared keys and packed arguments: an argument each costs ioredis more than the packing.
 * In two parts: what may be written twice, and the rest, which must not.
 */
export function encodeCommit(
  { partition, writes, tallies, deadLetters, erased }: WritesOfCommit,
  shard: number,
  keyspace: Keyspace,
  retention: Retention,
): EncodedCommit {
  const rest = new CommitEncoder(shard, keyspace, retention);
  for (const { family, dimensions } of writes.droppedHistories) rest.op('drop', family, dimensions, 'none', '');
  rest.sums(writes);
  rest.uniques(writes);
  rest.state(writes);
  for (const [family, byDimensions] of writes.queued)
    for (const [dimensions, texts] of byDimensions)
      rest.op('enqueue', family, dimensions, 'none', '', texts, OUTBOX_BOUND);
  if (erased !== undefined)
    rest.op('expunge', outbox, partitionName(partition), 'none', '', quotedInside(namedIn(erased)));
  if (erased !== undefined) rest.op('purge', deadLetterLog, '', 'none', '', quotedInside(JSON.stringify(erased)));
  if (deadLetters.length > 0)
    rest.op('list', deadLetterLog, '', 'none', '', deadLetters.slice(-1_000), deadLetterLog.cap ?? 1_000);
  for (const { family, dimensions } of writes.dropped) rest.op('drop', family, dimensions, 'none', '');
  const ahead = new CommitEncoder(shard, keyspace, retention);
  // What is dropped must not take along what is written after it.
  if (writes.droppedHistories.length > 0) rest.members(writes);
  else ahead.members(writes);
  return {
    ahead: ahead.ops.length > 0 ? ahead : undefined,
    rest,
    tallies: Object.entries(tallies).flat(),
  };
}

/** An op to which keys are added while it is made. */
type SharedOp = [name: OpName, keys: number[], seconds: number[], values: string[]];

/** How a JSON text stands inside a text of another. */
function quotedInside(json: string): string {
  return JSON.stringify(json).slice(1, -1);
}

/** What one call writes, and without its values what a later call will do: whether that can fail is to be seen before anything is written. */
export function aheadOf(ahead: OpList, later: OpList): Piece {
  const keys = [...ahead.keys];
  const places = new Map(keys.map((key, i) => [key, i + FIRST_KEY]));
  const placeOf = (key: string): number => {
    const known = places.get(key) ?? keys.push(key) - 1 + FIRST_KEY;
    places.set(key, known);
    return known;
  };
  const looked = later.ops.map(([name, indexes, , , bound]) => {
    const declared = indexes.map((index) => placeOf(later.keys[index - FIRST_KEY] ?? ''));
    return name === 'enqueue' ? [name, declared, [], [], bound] : [name, declared, []];
  });
  return { keys, payload: packed({ ops: ahead.ops, later: looked }) };
}

class CommitEncoder implements OpList {
  readonly keys: string[] = [];
  readonly ops: Op[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly shard: number;
  private readonly keyspace: Keyspace;
  private readonly retention: Retention;

  constructor(shard: number, keyspace: Keyspace, retention: Retention) {
    this.shard = shard;
    this.keyspace = keyspace;
    this.retention = retention;
  }

  op(name: OpName, of: Family, dimensions: string, window: WindowName, label: string, ...rest: unknown[]): void {
    this.ops.push([name, [this.index(of, dimensions, label)], [this.seconds(of, window)], ...rest]);
  }

  private index(of: Family, dimensions: string, label: string): number {
    return this.declare(this.keyspace.key(this.shard, of, dimensions, label));
  }

  private declare(key: string): number {
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = this.keys.push(key) - 1 + FIRST_KEY;
    this.indexes.set(key, index);
    return index;
  }

  private seconds(of: Family, window: WindowName): number {
    return ttlSeconds(of, window, this.retention) ?? 0;
  }

  sums(writes: Writes): void {
    const days = new Set<string>();
    for (const [family, byDimensions] of writes.sums) {
      const name = family.kind === 'ranking' ? 'zincr' : 'incr';
      for (const [dimensions, byTime] of byDimensions) {
        if (family.cap !== undefined) {
          this.op('hset', rankedDimensions, '', 'none', '', [rankingField(family, dimensions), '1']);
        }
        this.windows(name, family, dimensions, byTime);
        if (name === 'zincr') for (const time of byTime.keys()) days.add(time.day);
      }
    }
    if (days.size > 0) this.op('hdel', unchangedDays, '', 'none', '', [...days]);
  }

  /** Windows that get the very same sums share one op. */
  private windows(
    name: 'incr' | 'zincr',
    family: Family,
    dimensions: string,
    byTime: ReadonlyMap<LocalTime, Sums>,
  ): void {
    const shared = new Map<Sums, SharedOp>();
    for (const window of family.windows) {
      for (const [label, sums] of addUpTo(window, byTime)) {
        const op: SharedOp = shared.get(sums) ?? [name, [], [], asTexts(sums)];
        if (!shared.has(sums)) this.ops.push(op);
        shared.set(sums, op);
        op[1].push(this.index(family, dimensions, label));
        op[2].push(this.seconds(family, window));
      }
    }
  }

  /** Users go to the finest window alone; rollups merge hours into days. */
  uniques(writes: Writes): void {
    for (const [family, byDimensions] of writes.uniques) {
      const [window = 'hour'] = family.windows;
      for (const [dimensions, byTime] of byDimensions) {
        const byLabel = new Map<string, string[]>();
        for (const [time, users] of byTime) {
          const label = labelOf(time, window);
          const known = byLabel.get(label);
          if (known === undefined) byLabel.set(label, [...users]);
          else known.push(...users);
        }
        const [first = ''] = dimensions.split(':', 1);
        for (const [label, users] of byLabel) {
          const keys = [this.index(family, dimensions, label)];
          if (family.within !== undefined) keys.push(this.index(family.within, first, label));
          const life = this.seconds(family, window);
          this.ops.push(['pfadd', keys, keys.map(() => life), users]);
        }
      }
    }
  }

  members(writes: Writes): void {
    for (const [family, byOwner] of writes.histories) {
      const cap = this.retention.caps.get(family.name) ?? family.cap ?? 0;
      if (cap === 0) continue;
      const op = { keys: [] as number[], members: [] as string[][], renew: [] as boolean[] };
      byOwner.forEach(({ members, renew }, owner) => {
        op.keys.push(this.index(family, owner, ''));
        op.members.push(members);
        op.renew.push(renew);
      });
      this.ops.push(['history', op.keys, [], op.members, cap, op.renew, this.seconds(family, 'none')]);
    }
    for (const [family, fields] of writes.latest) {
      const stamped: string[] = [];
      fields.forEach((value, field) => {
        stamped.push(field, stampLatest(value));
      });
      this.op('latest', family, '', 'none', '', stamped);
    }
  }

  private fields(of: Family, dimensions: string, put: readonly string[], taken: readonly string[]): void {
    if (put.length > 0) this.op('hset', of, dimensions, 'none', '', put);
    if (taken.length > 0) this.op('hdel', of, dimensions, 'none', '', taken);
  }

  state(writes: Writes): void {
    for (const [family, byDimensions] of writes.changed)
      for (const [dimensions, { put, taken }] of byDimensions) this.fields(family, dimensions, put, taken);
    for (const [family, byDimensions] of writes.state) {
      for (const [dimensions, fields] of byDimensions) {
        const put: string[] = [];
        const taken: string[] = [];
        fields.forEach((value, field) => {
          if (value === undefined) taken.push(field);
          else put.push(field, value);
        });
        this.fields(family, dimensions, put, taken);
      }
    }
    for (const [family, byDimensions] of writes.schedules) {
      for (const [dimensions, members] of byDimensions) {
        const zadd: string[] = [];
        const zrem: string[] = [];
        members.forEach(({ score }, member) => {
          if (score === undefined) zrem.push(member);
          else zadd.push(String(score), member);
        });
        if (zadd.length > 0) this.op('zadd', family, dimensions, 'none', '', zadd);
        if (zrem.length > 0) this.op('zrem', family, dimensions, 'none', '', zrem);
      }
    }
  }
}

/** Numbers as texts: turning them into texts costs Lua more than it costs us. */
function asTexts(sums: Sums): string[] {
  const texts: string[] = [];
  sums.forEach(({ n }, member) => {
    texts.push(member, String(n));
  });
  return texts;
}
