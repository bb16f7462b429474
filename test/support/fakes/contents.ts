import { STAMP_LENGTH, stampLatest } from '../../../src/adapters/redis/commit/latest-stamp.ts';
import { definitions } from '../../../src/analytics/index.ts';
import { namedIn } from '../../../src/fold/carts/cart-message.ts';
import { cartIndex, cartRecords, deadLetterLog, queues } from '../../../src/fold/state/state-families.ts';
import type { Commit } from '../../../src/ingestion/ports/state-store.ts';
import type { Family } from '../../../src/metrics/family.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import type { LatestValue, Writes } from '../../../src/metrics/writes.ts';
import { labelOf } from '../../../src/time/windows.ts';
import { allMarks, allMembers, allSums, allTitles } from '../core/sums.ts';

/** Of kinds of families. */
const ANSWERING: ReadonlySet<string> = new Set(['counter', 'ranking', 'history', 'index', 'record']);
const allFamilies = [...definitions.flatMap(({ families }): readonly Family[] => families), cartRecords, cartIndex];

const keyspace = new Keyspace('', 1, 1);

export function keyOf(family: Family, dimensions: string, label = ''): string {
  return keyspace.key(0, family, dimensions, label);
}

/**
 * What a store holds by key, as plain maps; sets stand for
 * HyperLogLogs. A commit changes it as the commit script changes Redis.
 */
export class MemoryContents {
  readonly hashes = new Map<string, Map<string, string>>();
  readonly sortedSets = new Map<string, Map<string, number>>();
  readonly uniques = new Map<string, Set<string>>();
  readonly lists = new Map<string, string[]>();
  readonly texts = new Map<string, Buffer>();
  private readonly queued = new Map<unknown, number>();

  hash(key: string): Map<string, string> {
    return nested(this.hashes, key, () => new Map());
  }

  sortedSet(key: string): Map<string, number> {
    return nested(this.sortedSets, key, () => new Map());
  }

  list(key: string): string[] {
    return nested(this.lists, key, () => []);
  }

  apply({ partition, writes, deadLetters, erased }: Commit): void {
    for (const { family, dimensions } of writes.droppedHistories) this.drop(keyOf(family, dimensions));
    this.addSums(writes);
    this.addUniques(writes);
    this.changeState(writes);
    for (const [family, byDimensions] of writes.queued)
      for (const [dimensions, texts] of byDimensions)
        for (const text of texts) {
          const turn = (this.queued.get(family) ?? 0) + 1;
          this.queued.set(family, turn);
          this.sortedSet(keyOf(family, dimensions)).set(text, turn);
        }
    if (erased !== undefined)
      for (const queue of queues) this.erase(keyOf(queue, `${partition.topic}-${partition.index}`), erased);
    const letters = this.list(keyOf(deadLetterLog, ''));
    for (const letter of deadLetters) letters.unshift(letter);
    letters.splice(deadLetterLog.cap ?? 0);
    for (const { family, dimensions } of writes.dropped) this.drop(keyOf(family, dimensions));
    this.addMembers(writes);
    this.keepNewest(writes, partition.index);
  }

  /** By key, in the form in which Redis shows it; what is empty is not there. */
  plain(): Map<string, unknown> {
    const plain = new Map<string, unknown>();
    for (const [key, fields] of this.hashes)
      if (fields.size > 0) plain.set(key, Object.fromEntries([...fields].sort(([a], [b]) => (a < b ? -1 : 1))));
    for (const [key, scores] of this.sortedSets)
      if (scores.size > 0)
        plain.set(
          key,
          byScore(scores).flatMap(([member, score]) => [member, String(score)]),
        );
    for (const [key, members] of this.uniques) plain.set(key, [...members].sort());
    for (const [key, texts] of this.lists) if (texts.length > 0) plain.set(key, texts);
    for (const [key, bytes] of this.texts) plain.set(key, bytes.toString('hex'));
    return plain;
  }

  /** What answers are made of: sums, what is listed, and histories; unique users and newest values aside. */
  answers(): Map<string, unknown> {
    return answersIn(this.plain());
  }

  private drop(key: string): void {
    this.hashes.delete(key);
    this.sortedSets.delete(key);
    this.texts.delete(key);
  }

  /** What is about the user, and nobody else's that says the same word. */
  private erase(outboxKey: string, userId: string): void {
    const waiting = this.sortedSet(outboxKey);
    for (const text of waiting.keys()) if (text.includes(quotedInside(namedIn(userId)))) waiting.delete(text);
    const letters = this.list(keyOf(deadLetterLog, ''));
    const others = letters.filter((letter) => !letter.includes(quotedInside(JSON.stringify(userId))));
    letters.splice(0, letters.length, ...others);
  }

  private addSums({ sums }: Writes): void {
    for (const { family, dimensions, time, field, n } of allSums(sums).filter((sum) => sum.n !== 0))
      for (const window of family.windows)
        this.addTo(family, keyOf(family, dimensions, labelOf(time, window)), field, n);
  }

  private addTo({ kind }: Family, key: string, field: string, n: number): void {
    if (kind === 'ranking') {
      const scores = this.sortedSet(key);
      const sum = (scores.get(field) ?? 0) + n;
      if (sum === 0) scores.delete(field);
      else scores.set(field, sum);
      return;
    }
    const fields = this.hash(key);
    const sum = Number(fields.get(field) ?? 0) + n;
    if (sum === 0) fields.delete(field);
    else fields.set(field, String(sum));
  }

  private addUniques({ sums }: Writes): void {
    for (const { family, dimensions, time, users } of allMarks(sums)) {
      const key = keyOf(family, dimensions, labelOf(time, family.windows[0] ?? 'hour'));
      for (const user of users) nested(this.uniques, key, () => new Set<string>()).add(user);
    }
  }

  private changeState(writes: Writes): void {
    for (const [family, byDimensions] of writes.changed)
      for (const [dimensions, changes] of byDimensions) {
        const fields = this.hash(keyOf(family, dimensions));
        const { bytes } = changes.texts;
        changes.each((from, valueFrom, to) =>
          fields.set(bytes.toString('utf8', from, valueFrom), bytes.toString('utf8', valueFrom, to)),
        );
        for (const field of changes.taken) fields.delete(field);
      }
    for (const { family, dimensions, bytes } of writes.appended) {
      const key = keyOf(family, dimensions);
      this.texts.set(key, Buffer.concat([this.texts.get(key) ?? Buffer.alloc(0), bytes]));
    }
    for (const [family, byDimensions] of writes.state)
      for (const [dimensions, values] of byDimensions)
        for (const [field, value] of values)
          if (value === undefined) this.hash(keyOf(family, dimensions)).delete(field);
          else this.hash(keyOf(family, dimensions)).set(field, value);
    for (const [family, byDimensions] of writes.schedules)
      for (const [dimensions, members] of byDimensions)
        for (const [member, { score }] of members)
          if (score === undefined) this.sortedSet(keyOf(family, dimensions)).delete(member);
          else this.sortedSet(keyOf(family, dimensions)).set(member, score);
  }

  private keepNewest(writes: Writes, partition: number): void {
    const keep = (family: Family, field: string, value: LatestValue): void => {
      const fields = this.hash(keyOf(family, ''));
      const stamped = stampLatest(value, partition);
      const known = fields.get(field) ?? '';
      if (known.slice(0, STAMP_LENGTH) <= stamped.slice(0, STAMP_LENGTH)) fields.set(field, stamped);
    };
    for (const { family, field, kept } of allTitles(writes.sums)) keep(family, field, kept);
    for (const [family, values] of writes.latest) for (const [field, value] of values) keep(family, field, value);
  }

  private addMembers(writes: Writes): void {
    const { takesOff } = writes.sums;
    for (const { family, owner, members } of allMembers(writes.sums)) {
      const scores = this.sortedSet(keyOf(family, owner));
      for (const { atMs, member } of members) takesOff ? scores.delete(member) : scores.set(member, atMs);
      for (const [member] of byScore(scores).slice(0, -(family.cap ?? 0))) scores.delete(member);
    }
    for (const [family, byOwner] of writes.histories)
      for (const [owner, { members }] of byOwner) {
        const scores = this.sortedSet(keyOf(family, owner));
        for (let i = 0; i < members.length; i += 2)
          if (takesOff) scores.delete(members[i + 1] ?? '');
          else scores.set(members[i + 1] ?? '', Number(members[i]));
        for (const [member] of byScore(scores).slice(0, -(family.cap ?? 0))) scores.delete(member);
      }
  }
}

/** What of a store's contents answers are made of. @param kinds of families */
export function answersIn(contents: ReadonlyMap<string, unknown>, kinds = ANSWERING): Map<string, unknown> {
  const names = new Set(allFamilies.filter(({ kind }) => kinds.has(kind)).map(({ name }) => name));
  const isAnswer = (key: string): boolean => names.has(key.split(':')[3] ?? '');
  return new Map([...contents].filter(([key]) => isAnswer(key)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A sorted set's order: by score, and by member where scores are equal. */
export function byScore(scores: ReadonlyMap<string, number>): [member: string, score: number][] {
  return [...scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
}

/** How a JSON text stands inside a text of another. */
const quotedInside = (json: string): string => JSON.stringify(json).slice(1, -1);

function nested<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
