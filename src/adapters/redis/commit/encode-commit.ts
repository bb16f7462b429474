import { partitionName } from '../../../events/partition.ts';
import { namedIn } from '../../../fold/carts/cart-message.ts';
import { OUTBOX_BOUND } from '../../../fold/settings.ts';
import { deadLetterLog, queues } from '../../../fold/state/state-families.ts';
import type { Commit } from '../../../ingestion/ports/state-store.ts';
import type { Family } from '../../../metrics/family.ts';
import type { Writes } from '../../../metrics/writes.ts';
import { encodeSums } from './encode-sums.ts';
import { encodeUniques } from './encode-uniques.ts';
import { stampLatest } from './latest-stamp.ts';
import { type Piece, type PieceLimits, PieceWriter } from './piece-writer.ts';
import type { ShardKeys } from './shard-keys.ts';

/** So that no piece is larger than the others. */
const MOST_APPENDED_BYTES = 262_144;

type WritesOfCommit = Pick<Commit, 'partition' | 'writes' | 'tallies' | 'deadLetters' | 'erased' | 'asOfMs'>;

export interface EncodedCommit {
  /** What must be written once: one script, or several that a redo record keeps together. */
  readonly pieces: readonly [Piece, ...Piece[]];
  /** What may be written twice without a trace, where there is too much for one script: histories, and values of which the newest stays. */
  readonly ahead: readonly Piece[];
}

/** Turns summed-up writes into declared keys and packed arguments: an argument each costs ioredis more than the packing. */
export function encodeCommit(commit: WritesOfCommit, keys: ShardKeys, limits: PieceLimits): EncodedCommit {
  const { writes, tallies } = commit;
  const into = new PieceWriter(limits);
  for (const { family, dimensions } of writes.droppedHistories) into.single('drop', keys.of(family, dimensions), '');
  encodeSums(writes.sums, keys, into, commit.asOfMs);
  encodeUniques(writes.sums, keys, into);
  // Before what retracts some of them: a retraction of which no message waits is forgotten.
  encodeMessages(commit, keys, into);
  encodeState(writes, keys, into);
  for (const { family, dimensions } of writes.dropped) into.single('drop', keys.of(family, dimensions), '');
  const counts = Object.entries(tallies).flat();
  // What is dropped must not take along what is written after it: then the histories are written with the rest.
  const isApart = into.full > 0 && writes.droppedHistories.length === 0;
  if (isApart) into.cut(counts);
  const rest = into.full;
  encodeHistories(writes, keys, into);
  encodeLatest(commit, keys, into);
  if (!isApart) into.cut(counts);
  const [first, ...others] = into.done();
  if (first === undefined) throw new Error('a commit has a piece at least');
  if (!isApart) return { pieces: [first, ...others], ahead: [] };
  return { pieces: [first, ...others.slice(0, rest - 1)], ahead: others.slice(rest - 1) };
}

function encodeState(writes: Writes, keys: ShardKeys, into: PieceWriter): void {
  const fields = (of: Family, dimensions: string, put: readonly string[], taken: readonly string[]): void => {
    const key = keys.of(of, dimensions);
    const seconds = keys.seconds(of, 'none');
    if (put.length > 0) into.texts('hset', key, seconds, put, 2);
    if (taken.length > 0) into.texts('hdel', key, seconds, taken, 1);
  };
  for (const [family, byDimensions] of writes.changed)
    for (const [dimensions, changes] of byDimensions) {
      const { bytes } = changes.texts;
      into.begin('hset', [keys.of(family, dimensions)], [keys.seconds(family, 'none')]);
      changes.each((from, valueFrom, to) => {
        const part = into.part(2);
        part.joined('', bytes, from, valueFrom);
        part.joined('', bytes, valueFrom, to);
      });
      into.end();
      fields(family, dimensions, [], changes.taken);
    }
  for (const { family, dimensions, bytes } of writes.appended) {
    for (let from = 0; from < bytes.length; from += MOST_APPENDED_BYTES) {
      into.begin('append', [keys.of(family, dimensions)], [keys.seconds(family, 'none')]);
      into.part(1).joined('', bytes, from, Math.min(bytes.length, from + MOST_APPENDED_BYTES));
      into.end();
    }
  }
  for (const [family, byDimensions] of writes.state) {
    for (const [dimensions, values] of byDimensions) {
      const put: string[] = [];
      const taken: string[] = [];
      for (const [field, value] of values) {
        if (value === undefined) taken.push(field);
        else put.push(field, value);
      }
      fields(family, dimensions, put, taken);
    }
  }
  for (const [family, byDimensions] of writes.schedules) {
    for (const [dimensions, members] of byDimensions) {
      const key = keys.of(family, dimensions);
      const seconds = keys.seconds(family, 'none');
      const set = [...members].flatMap(([member, { score }]) => (score === undefined ? [] : [String(score), member]));
      const taken = [...members].flatMap(([member, { score }]) => (score === undefined ? [member] : []));
      if (set.length > 0) into.texts('zadd', key, seconds, set, 2);
      if (taken.length > 0) into.texts('zrem', key, seconds, taken, 1);
    }
  }
}

/** Messages that wait to be published, and dead letters; and what names an erased user in them. */
function encodeMessages(
  { partition, writes, erased, deadLetters }: WritesOfCommit,
  keys: ShardKeys,
  into: PieceWriter,
) {
  for (const [family, byDimensions] of writes.queued)
    for (const [dimensions, texts] of byDimensions)
      into.texts('enqueue', keys.of(family, dimensions), 0, texts, 1, OUTBOX_BOUND, queues.indexOf(family));
  const letters = keys.of(deadLetterLog, '');
  if (erased !== undefined) {
    for (const queue of queues)
      into.single('expunge', keys.of(queue, partitionName(partition)), quotedInside(namedIn(erased)));
    into.single('purge', letters, quotedInside(JSON.stringify(erased)));
  }
  const most = keys.cap(deadLetterLog);
  if (deadLetters.length > 0) into.texts('list', letters, 0, deadLetters.slice(-most), 1, most);
}

function encodeHistories(writes: Writes, keys: ShardKeys, into: PieceWriter): void {
  const { histories, dictionaries, takesOff } = writes.sums;
  for (const [family, members] of histories) {
    const cap = keys.cap(family);
    if (cap === 0) continue;
    if (takesOff) {
      for (const user of members.owners) {
        into.begin('zrem', [keys.of(family, dictionaries.users.text(user))], [0]);
        members.each(user, (_, from, to) => into.part(1).joined('', members.texts.bytes, from, to));
        into.end();
      }
      continue;
    }
    into.begin('history', [], [], cap, keys.seconds(family, 'none'));
    for (const user of members.owners) {
      let count = 0;
      members.each(user, () => count++);
      const list = into.history(keys.of(family, dictionaries.users.text(user)), count, members.isRenewed(user));
      members.each(user, (atMs, from, to) => {
        list.text(String(atMs));
        list.joined('', members.texts.bytes, from, to);
      });
    }
    into.end();
  }
  for (const [family, byOwner] of writes.histories) {
    const cap = keys.cap(family);
    if (cap === 0) continue;
    if (takesOff) {
      for (const [owner, { members }] of byOwner)
        into.texts(
          'zrem',
          keys.of(family, owner),
          0,
          members.filter((_, i) => i % 2 === 1),
          1,
        );
      continue;
    }
    into.begin('history', [], [], cap, keys.seconds(family, 'none'));
    for (const [owner, { members, renew }] of byOwner) {
      const list = into.history(keys.of(family, owner), members.length / 2, renew);
      for (const member of members) list.text(member);
    }
    into.end();
  }
}

function encodeLatest({ partition, writes }: WritesOfCommit, keys: ShardKeys, into: PieceWriter): void {
  const { latest, dictionaries } = writes.sums;
  for (const [family, column] of latest) {
    const { items } = dictionaries;
    into.begin('latest', [keys.of(family, '')], [keys.seconds(family, 'none')], family.isNoted === true ? 1 : 0);
    for (const item of column.members) {
      const part = into.part(2);
      part.joined('', items.bytes, items.from(item), items.to(item));
      part.text(stampLatest({ atMs: column.atMs(item), value: column.text(item) }, partition.index));
    }
    into.end();
  }
  for (const [family, fields] of writes.latest) {
    into.begin('latest', [keys.of(family, '')], [keys.seconds(family, 'none')]);
    for (const [field, value] of fields) {
      const part = into.part(2);
      part.text(field);
      part.text(stampLatest(value, partition.index));
    }
    into.end();
  }
}

/** How a JSON text stands inside a text of another. */
function quotedInside(json: string): string {
  return JSON.stringify(json).slice(1, -1);
}
