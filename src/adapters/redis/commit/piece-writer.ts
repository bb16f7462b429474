import { MsgpackWriter } from '../client/msgpack-writer.ts';

/**
 * What an operation costs Redis: microseconds for each part of its list, for each key (docs/performance-log.md). A new one needs a line
 * here, in `types` and `run` of scripts/commit-batch.lua, and in its header.
 */
const COSTS_US = {
  incr: 0.8,
  zincr: 2.2,
  pfadd: 0.5,
  hset: 1.2,
  hdel: 0.6,
  latest: 1.4,
  zadd: 1.6,
  zrem: 1.2,
  enqueue: 2,
  list: 0.5,
  /** A member; its key costs the other. */
  history: 0.5,
  expunge: 5,
  purge: 5,
  drop: 2,
  /** Of some hundred kilobytes. */
  append: 60,
} as const;
const HISTORY_KEY_US = 2.5;

export type OpName = keyof typeof COSTS_US;

/** One script call's part of a commit. */
export interface Piece {
  /** Every key that the script touches, beside those that each script has. */
  readonly keys: readonly string[];
  readonly payload: Buffer;
}

export interface PieceLimits {
  /** How long a script may hold Redis, as reckoned by what its operations cost. */
  readonly ms: number;
  readonly bytes: number;
}

export const PIECE_LIMITS: PieceLimits = { ms: 4, bytes: 1_048_576 };

/** KEYS[1] is the partition's own. */
const FIRST_KEY = 2;

interface OpenOp {
  readonly name: OpName;
  readonly seconds: readonly number[];
  readonly more: readonly number[];
  readonly keys: readonly string[];
  /** Of histories: a key for each list, and whether its life begins anew. */
  ownKeys: string[];
  renew: boolean[];
  /** Where it begins, and where its list does. */
  at: number;
  listAt: number;
  length: number;
}

/**
 * Writes operations as the commit script reads them, in pieces of which each holds Redis for some milliseconds at the most: where a list
 * is too long for the piece, it goes on in the next. Their order stays. An operation is { name, list, keys, seconds, … }.
 */
export class PieceWriter {
  private readonly limits: PieceLimits;
  private readonly into = new MsgpackWriter();
  private readonly pieces: Piece[] = [];
  private keys: string[] = [];
  private places = new Map<string, number>();
  private ops = 0;
  private opsAt = -1;
  private us = 0;
  private open: OpenOp | undefined;

  constructor(limits: PieceLimits) {
    this.limits = limits;
  }

  /** How many pieces are full already. */
  get full(): number {
    return this.pieces.length;
  }

  /**
   * Begins an operation, which is done to each of the keys alike.
   * @param seconds for each key, how long it lives then; 0 where nothing is said of that
   * @param more what the script is told behind
   */
  begin(name: OpName, keys: readonly string[], seconds: readonly number[], ...more: readonly number[]): void {
    this.open = { name, keys, seconds, more, ownKeys: [], renew: [], at: -1, listAt: -1, length: 0 };
  }

  /** Makes room for the next part of the list, of so many values, which are to be written then. */
  part(values: number): MsgpackWriter {
    const op = this.openOp();
    this.spend(COSTS_US[op.name] * Math.max(1, op.keys.length));
    op.length += values;
    return this.into;
  }

  /** Of histories each key has a list of its own, of so many scores and members, which are to be written then. */
  history(key: string, members: number, renew: boolean): MsgpackWriter {
    const op = this.openOp();
    this.spend(HISTORY_KEY_US + members * COSTS_US.history);
    op.ownKeys.push(key);
    op.renew.push(renew);
    op.length += 1;
    this.into.list(members * 2);
    return this.into;
  }

  /** Ends the operation; one without a list does nothing, unless it needs none. */
  end(): void {
    this.closeOp();
    this.open = undefined;
  }

  /** An operation whose list is a single text, or nothing. */
  single(name: 'drop' | 'expunge' | 'purge', key: string, text: string): void {
    this.begin(name, [key], [0]);
    this.part(1).text(text);
    this.end();
  }

  texts(name: OpName, key: string, seconds: number, texts: readonly string[], stride: number, ...more: number[]): void {
    this.begin(name, [key], [seconds], ...more);
    for (let i = 0; i < texts.length; i += stride) {
      const into = this.part(stride);
      for (let k = i; k < i + stride; k++) into.text(texts[k] ?? '');
    }
    this.end();
  }

  /**
   * Ends the piece: what follows lies in others.
   * @param tallies to be added with it: names and numbers in turns
   */
  cut(tallies: readonly (string | number)[]): void {
    if (this.opsAt < 0) this.beginPiece();
    this.closePiece(tallies);
  }

  /** All pieces; what was begun is ended. */
  done(): readonly Piece[] {
    if (this.opsAt >= 0) this.cut([]);
    return this.pieces;
  }

  private openOp(): OpenOp {
    if (this.open === undefined) throw new Error('no operation is begun');
    return this.open;
  }

  private spend(us: number): void {
    const isFull = this.us + us > this.limits.ms * 1_000 || this.into.size >= this.limits.bytes;
    if (isFull && (this.ops > 0 || (this.open?.length ?? 0) > 0)) {
      this.closeOp();
      this.closePiece([]);
    }
    this.us += us;
    if (this.opsAt < 0) this.beginPiece();
    if (this.open !== undefined && this.open.at < 0) this.beginOp(this.open);
  }

  private beginPiece(): void {
    this.into.map(3);
    this.into.text('ops');
    this.opsAt = this.into.beginList();
  }

  private beginOp(op: OpenOp): void {
    op.at = this.into.size;
    this.into.list(op.name === 'history' ? 7 : 4 + op.more.length);
    this.into.text(op.name);
    op.listAt = this.into.beginList();
    op.length = 0;
    op.ownKeys = [];
    op.renew = [];
  }

  private closeOp(): void {
    const op = this.open;
    if (op === undefined || op.at < 0) return;
    const { into } = this;
    into.endList(op.listAt, op.length);
    const keys = op.name === 'history' ? op.ownKeys : op.keys;
    into.list(keys.length);
    for (const key of keys) into.whole(this.place(key));
    into.list(op.seconds.length);
    for (const seconds of op.seconds) into.whole(seconds);
    const [first, ...others] = op.more;
    if (first !== undefined) into.whole(first);
    if (op.name === 'history') {
      into.list(op.renew.length);
      for (const renew of op.renew) into.truth(renew);
    }
    for (const more of others) into.whole(more);
    op.at = -1;
    op.length = 0;
    this.ops += 1;
  }

  private closePiece(tallies: readonly (string | number)[]): void {
    const { into, keys } = this;
    into.endList(this.opsAt, this.ops);
    into.text('tallies');
    into.list(tallies.length);
    for (const one of tallies) into.text(String(one));
    // Whoever finishes a decided commit finds the keys with it.
    into.text('keys');
    into.list(keys.length);
    for (const key of keys) into.text(key);
    this.pieces.push({ keys, payload: into.take() });
    this.keys = [];
    this.places = new Map();
    this.ops = 0;
    this.opsAt = -1;
    this.us = 0;
  }

  private place(key: string): number {
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const place = this.keys.push(key) - 1 + FIRST_KEY;
    this.places.set(key, place);
    return place;
  }
}
