import { Mutex } from 'async-mutex';
import { z } from 'zod';
import { BOUNDLESS_BUDGET, type ReadBudget } from '../../../metrics/read-budget.ts';
import type { RedisClient } from '../client/connection.ts';
import { packed, unpacked } from '../client/msgpack.ts';
import type { ShardRead } from './shard-read.ts';
import type { UnfinishedCommits } from './unfinished-commits.ts';

/** One call holds Redis for so long at the most, as reckoned. */
const CALL_US = 6_000;
/** Lua hands on some eight thousand values at the most. */
const CALL_KEYS = 4_000;
/** So often commits are finished before an answer is read beside one that is not. */
const MOST_FINISHED = 20;
/** Of a hash or a ranking that is too large for one call. */
const SCAN_COUNT = 3_000;

const replySchema = z.tuple([z.enum(['read', 'heavy', 'applying']), z.number(), z.array(z.unknown())]);
const costsSchema = z.array(z.number());

/**
 * Reads of one answer. What is asked for in one turn of the event loop is read of a shard by one script call, at one moment: so what
 * an answer says agrees with itself. What is too much for one call is read in several, day by day, since a commit changes what lies
 * in one day: each day agrees with itself, and so does their sum.
 */
export class ShardReads {
  readonly budget: ReadBudget;
  private readonly redis: RedisClient;
  private readonly commits: UnfinishedCommits;
  private readonly turns = new Map<number, { readonly reads: ShardRead[]; readonly done: Promise<void> }>();
  /** A heavy answer asks for one thing at a time. */
  private readonly heavy = new Mutex();

  constructor(redis: RedisClient, commits: UnfinishedCommits, budget: ReadBudget = BOUNDLESS_BUDGET) {
    this.redis = redis;
    this.commits = commits;
    this.budget = budget;
  }

  /** Resolves when every reply has been used. */
  ask(shard: number, reads: readonly ShardRead[]): Promise<void> {
    const begun = this.turns.get(shard);
    if (begun !== undefined) {
      for (const read of reads) begun.reads.push(read);
      return begun.done;
    }
    const together = [...reads];
    const done = endOfTurn().then(() => {
      this.turns.delete(shard);
      return this.readAll(shard, together);
    });
    this.turns.set(shard, { reads: together, done });
    return done;
  }

  private async readAll(shard: number, reads: readonly ShardRead[]): Promise<void> {
    for (const { prepare } of reads) await prepare?.();
    const us = reads.map((read) => read.us);
    await this.budget.allow(sumOf(us));
    const isSmall = sumOf(us) <= CALL_US && sumOf(reads.map(({ keys }) => keys.length)) <= CALL_KEYS;
    for (const group of isSmall ? [reads] : groupsOf(reads, us)) await this.readGroup(shard, group);
  }

  /** What the keys hold may make it heavier than is known beforehand. */
  private async readGroup(shard: number, reads: readonly ShardRead[]): Promise<void> {
    const known = sumOf(reads.map(({ us }) => us));
    const reply = await this.call(shard, reads, Math.max(known, Math.min(CALL_US, this.budget.freeUs)));
    if (reply.is === 'read') return this.use(reads, reply);
    await this.budget.allow(reply.us);
    const groups = groupsOf(reads, costsSchema.parse(reply.each));
    const [first] = reads;
    if (groups.length > 1) for (const group of groups) await this.readGroup(shard, group);
    else if (reply.us <= CALL_US || first === undefined) this.use(reads, await this.call(shard, reads, CALL_US));
    else await this.readInParts(shard, first, reply.us);
  }

  /** One that is too much for a call by itself. */
  private async readInParts(shard: number, read: ShardRead, us: number): Promise<void> {
    const halves = read.halves?.() ?? [];
    if (read.command === 'HGETALL') await this.scan(read, (key, at) => this.redis.hscan(key, at, 'COUNT', SCAN_COUNT));
    else if (read.command === 'ZRANGE')
      await this.scan(read, (key, at) => this.redis.zscan(key, at, 'COUNT', SCAN_COUNT));
    else if (halves.length === 0) this.use([read], await this.call(shard, [read], us));
    else for (const half of halves) await this.readGroup(shard, [half]);
  }

  private async scan(
    { keys: [key = ''], use }: ShardRead,
    step: (key: string, cursor: string) => Promise<[cursor: string, flat: string[]]>,
  ): Promise<void> {
    // A field may come twice where what is read grows meanwhile.
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const at = cursor;
      const [next, flat] = await this.alone(() => step(key, at));
      this.budget.note(CALL_US / 2);
      const fresh: string[] = [];
      for (let i = 0; i + 1 < flat.length; i += 2) {
        const field = flat[i] ?? '';
        if (seen.has(field)) continue;
        seen.add(field);
        fresh.push(field, flat[i + 1] ?? '');
      }
      use(fresh);
      cursor = next;
    } while (cursor !== '0');
  }

  /** Of a heavy answer one call at a time; of others all at once. */
  alone<T>(call: () => Promise<T>): Promise<T> {
    return this.budget.freeUs === Number.POSITIVE_INFINITY ? this.heavy.runExclusive(call) : call();
  }

  private use(reads: readonly ShardRead[], { us, each }: { readonly us: number; readonly each: readonly unknown[] }) {
    this.budget.note(us);
    for (const [i, read] of reads.entries()) read.use(each[i]);
  }

  private async call(shard: number, reads: readonly ShardRead[], mostUs: number) {
    const partitions = this.commits.keysOf(shard);
    const keys = [...partitions, ...reads.flatMap((read) => read.keys)];
    const sent = packed(
      reads.map(({ command, keys, args, us, sized }) => [
        command,
        keys.length,
        args,
        us,
        sized?.by ?? '',
        sized?.usEach ?? 0,
      ]),
    );
    for (let finished = 0; ; finished++) {
      const anyway = finished < MOST_FINISHED ? '' : '1';
      const reply = await this.alone(() =>
        this.redis.readTogetherBuffer(keys.length, keys, partitions.length, mostUs, anyway, sent),
      );
      const [is, us, each] = replySchema.parse(unpacked(reply));
      if (is !== 'applying') return { is, us, each };
      await this.commits.finish(shard, each);
    }
  }
}

/** Once everything that is asked for together has been asked for. */
export async function endOfTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    queueMicrotask(() => process.nextTick(resolve));
  });
}

/** As few calls as may be; days stay whole unless one is too much by itself. */
function groupsOf(reads: readonly ShardRead[], costs: readonly number[]): ShardRead[][] {
  const groups: ShardRead[][] = [[]];
  let [us, keys] = [0, 0];
  const fits = (more: Sized): boolean => us + more.us <= CALL_US && keys + more.keys <= CALL_KEYS;
  const begin = (): void => {
    groups.push([]);
    [us, keys] = [0, 0];
  };
  for (const day of byDay(reads, costs)) {
    if (!fits(day)) begin();
    for (const read of day.reads) {
      if (us > 0 && !fits(read)) begin();
      groups.at(-1)?.push(read.read);
      us += read.us;
      keys += read.keys;
    }
  }
  return groups.filter((group) => group.length > 0);
}

interface Sized {
  readonly us: number;
  readonly keys: number;
}

function byDay(reads: readonly ShardRead[], costs: readonly number[]) {
  const days = new Map<string, { us: number; keys: number; reads: (Sized & { readonly read: ShardRead })[] }>();
  for (const [i, read] of reads.entries()) {
    const day = days.get(read.day) ?? { us: 0, keys: 0, reads: [] };
    const [us, keys] = [costs[i] ?? 0, read.keys.length];
    day.us += us;
    day.keys += keys;
    day.reads.push({ us, keys, read });
    days.set(read.day, day);
  }
  return days.values();
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);
