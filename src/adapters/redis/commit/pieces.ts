import { packed } from '../client/msgpack.ts';

/** What a script does to keys; keys are told by their place among the script's KEYS. */
export type Op = readonly [
  name: OpName,
  keys: readonly number[],
  seconds: readonly number[],
  ...rest: readonly unknown[],
];

export type OpName = keyof typeof COSTS;

/** Operations and the keys that they are about. */
export interface OpList {
  /** In the order of KEYS, from `FIRST_KEY` on. */
  readonly keys: readonly string[];
  readonly ops: readonly Op[];
}

/** One script call's part of a commit. */
export interface Piece {
  /** Every key that the script touches, beside those that each script has. */
  readonly keys: string[];
  readonly payload: Buffer;
}

/** KEYS[1] is the partition's own. */
export const FIRST_KEY = 2;

export interface PieceLimits {
  /** How long a script may hold Redis, as reckoned by `COSTS`. */
  readonly ms: number;
  readonly bytes: number;
}

export const PIECE_LIMITS: PieceLimits = { ms: 4, bytes: 1_048_576 };

/**
 * What an operation costs Redis: how its list is cut (0: not at all), and microseconds for each part; docs/performance-log.md.
 * A new one needs a line here, in `types` and `run` of scripts/commit-batch.lua, and in its header.
 */
const COSTS = {
  incr: { stride: 2, us: 0.8 },
  zincr: { stride: 2, us: 2.2 },
  pfadd: { stride: 1, us: 0.5 },
  hset: { stride: 2, us: 1.2 },
  hdel: { stride: 1, us: 0.6 },
  latest: { stride: 2, us: 1.4 },
  zadd: { stride: 2, us: 1.6 },
  zrem: { stride: 1, us: 1.2 },
  enqueue: { stride: 1, us: 2 },
  list: { stride: 1, us: 0.5 },
  history: { stride: 0, us: 2.5 },
  expunge: { stride: 0, us: 5 },
  purge: { stride: 0, us: 5 },
  drop: { stride: 0, us: 2 },
} as const;

/** Of a history each key has a list of its own: a key costs what stands above, each member this. */
const HISTORY_MEMBER_US = 0.5;

/**
 * Cuts operations into pieces, each of which holds Redis for some milliseconds at the most. Their order stays: what is dropped, put or
 * queued behind something else is so in every piece.
 */
export function piecesOf(
  { keys, ops }: OpList,
  limits: PieceLimits,
  last: Readonly<Record<string, unknown>> = {},
): [Piece, ...Piece[]] {
  const cutter = new Cutter(keys, limits);
  for (const op of ops) cutter.add(op);
  return cutter.end(last);
}

/** One piece, however large. */
export function asOnePiece({ keys, ops }: OpList, more: Readonly<Record<string, unknown>> = {}): Piece {
  return { keys: [...keys], payload: packed({ ops, ...more }) };
}

/** May all of it be done by one call? */
export function isSmall({ ops }: OpList, limits: PieceLimits): boolean {
  let [us, bytes] = [0, 0];
  for (const op of ops) {
    us += costUs(op);
    bytes += bytesOf(op);
    if (us > limits.ms * 1_000 || bytes > limits.bytes) return false;
  }
  return true;
}

class Cutter {
  private readonly all: readonly string[];
  private readonly limits: PieceLimits;
  private readonly made: Piece[] = [];
  private keys: string[] = [];
  private places = new Map<number, number>();
  private ops: Op[] = [];
  private us = 0;
  private bytes = 0;

  constructor(all: readonly string[], limits: PieceLimits) {
    this.all = all;
    this.limits = limits;
  }

  add(op: Op): void {
    if (op[0] === 'history') this.addHistories(op);
    else this.addList(op);
  }

  end(last: Readonly<Record<string, unknown>>): [Piece, ...Piece[]] {
    const piece = this.close(last);
    const [first, ...others] = [...this.made, piece];
    return [first ?? piece, ...others];
  }

  private addList(op: Op): void {
    const { stride, us } = COSTS[op[0]];
    const list = op[3];
    const each = us * Math.max(1, op[1].length);
    if (stride === 0 || !Array.isArray(list)) {
      this.put(op, each, bytesOf(op));
      return;
    }
    const texts: readonly unknown[] = list;
    for (let from = 0; from < texts.length; ) {
      let to = from;
      let [cost, bytes] = [0, 0];
      do {
        for (let i = to; i < to + stride; i++) bytes += lengthOf(texts[i]);
        to += stride;
        cost += each;
      } while (
        to < texts.length &&
        this.us + cost + each <= this.limits.ms * 1_000 &&
        this.bytes + bytes < this.limits.bytes
      );
      const [name, keys, seconds, , ...rest] = op;
      this.put([name, keys, seconds, texts.slice(from, to), ...rest], cost, bytes);
      from = to;
    }
  }

  /** Of histories each key has a list of its own. */
  private addHistories(op: Op): void {
    const [name, keys, seconds, members, cap, renew, life] = op;
    if (!Array.isArray(members) || !Array.isArray(renew)) return;
    for (let from = 0; from < keys.length; ) {
      let to = from;
      let [cost, bytes] = [0, 0];
      do {
        const own: unknown = members[to];
        const texts: readonly unknown[] = Array.isArray(own) ? own : [];
        cost += COSTS.history.us + texts.length * HISTORY_MEMBER_US;
        for (const text of texts) bytes += lengthOf(text);
        to += 1;
      } while (to < keys.length && this.us + cost < this.limits.ms * 1_000 && this.bytes + bytes < this.limits.bytes);
      this.put(
        [name, keys.slice(from, to), seconds, members.slice(from, to), cap, renew.slice(from, to), life],
        cost,
        bytes,
      );
      from = to;
    }
  }

  private put([name, keys, seconds, ...rest]: Op, us: number, bytes: number): void {
    const full = this.us + us > this.limits.ms * 1_000 || this.bytes + bytes > this.limits.bytes;
    if (full && this.ops.length > 0) this.made.push(this.close({}));
    this.ops.push([name, keys.map((key) => this.place(key)), seconds, ...rest]);
    this.us += us;
    this.bytes += bytes;
  }

  private place(index: number): number {
    const known = this.places.get(index);
    if (known !== undefined) return known;
    const place = this.keys.push(this.all[index - FIRST_KEY] ?? '') - 1 + FIRST_KEY;
    this.places.set(index, place);
    return place;
  }

  private close(more: Readonly<Record<string, unknown>>): Piece {
    const { keys, ops } = this;
    this.keys = [];
    this.places = new Map();
    this.ops = [];
    this.us = 0;
    this.bytes = 0;
    // Whoever finishes a decided commit finds the keys with it.
    return { keys, payload: packed({ ops, ...more, keys }) };
  }
}

function costUs([name, keys, , list]: Op): number {
  const { stride, us } = COSTS[name];
  if (name === 'history') return keys.length * us + membersOf(list) * HISTORY_MEMBER_US;
  const parts = stride > 0 && Array.isArray(list) ? list.length / stride : 1;
  return us * parts * Math.max(1, keys.length);
}

function membersOf(lists: unknown): number {
  if (!Array.isArray(lists)) return 0;
  let sum = 0;
  for (const list of lists) if (Array.isArray(list)) sum += list.length;
  return sum;
}

function bytesOf([, , , list]: Op): number {
  return lengthOf(list);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (!Array.isArray(value)) return 0;
  let sum = 0;
  for (const one of value) sum += lengthOf(one);
  return sum;
}
