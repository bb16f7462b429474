import type { Dictionaries } from '../../metrics/sums/dictionaries.ts';
import type { Writes } from '../../metrics/writes.ts';
import { FlagColumn, IdColumn, NumberColumn } from '../columns/column.ts';
import { MARK_LIFE_MS } from '../settings.ts';
import { bucketedFamily, type Plans } from '../state/bucket-plans.ts';
import { OpenBuckets } from '../state/bucketed-state.ts';
import { Placement } from '../visitors/placement.ts';
import { MarkStages } from './mark-stages.ts';
import { type MarkState, readMarks, writeMarks } from './stored-marks.ts';

/** So many hours and combinations of values are known of one user; what is older is forgotten. */
const MOST_MARKS = 100;
const NO_MARK = 0;
const CHANGED = 1;

/**
 * Where a lane's users are counted already: so that an hour, and a day, counts each of them once, at each stage and with each dimension
 * value. A user has a mark for each hour in which they were seen, and each combination of values that they were seen with. What lies where:
 * - `newest`: by user, the newest of their marks, counted from 1; 0 where there is none
 * - `hourMs`, `dimensions`, `stages`: by mark, the beginning of the hour, the values, and the stages of open funnels that were reached
 * - `changedMs`: by mark, lane time at which the last of these was; it is known for MARK_LIFE_MS from then on
 * - `next`: by mark, the one before it of the same user; `importIds`: the import that has brought it
 * - `flags`, `marksIn`: by user, whether the unit changes them, and in which bucket the store has them; `free`: marks to be used again
 */
export class UserMarks {
  readonly hourMs = new NumberColumn();
  readonly dimensions = new IdColumn();
  readonly stages: MarkStages;
  private readonly newest = new IdColumn();
  private readonly changedMs = new NumberColumn();
  private readonly next = new IdColumn();
  private readonly importIds = new Map<number, string>();
  private readonly flags = new FlagColumn();
  private readonly free: number[] = [];
  private count = 0;
  private readonly changed: number[] = [];
  private readonly marksIn: Placement;
  private readonly dictionaries: Dictionaries;
  private readonly plans: Plans;

  /** @param stages how many stages open funnels have */
  constructor(dictionaries: Dictionaries, plans: Plans, stages: number) {
    this.dictionaries = dictionaries;
    this.plans = plans;
    this.stages = new MarkStages(stages);
    this.marksIn = new Placement(dictionaries.users, '');
  }

  /** The user's mark for an hour and a combination of values: a new one, where they were not seen so before. */
  at(user: number, hourMs: number, dimensions: number, nowMs: number): number {
    const newest = this.newest.at(user);
    // Nearly every event is in the hour of the one before it.
    if (newest > NO_MARK && this.is(newest, hourMs, dimensions, undefined) && this.isKnown(newest, nowMs))
      return newest;
    const known = this.known(user, nowMs).find((mark) => this.is(mark, hourMs, dimensions, undefined));
    return known ?? this.begin(user, { hourMs, dimensions, changedMs: nowMs, stages: [], importId: undefined }, nowMs);
  }

  /** The user is counted at the stage now. */
  add(user: number, mark: number, stage: number, nowMs: number): void {
    this.stages.add(mark, stage);
    this.changedMs.set(mark, nowMs);
    this.note(user);
  }

  /** Those that count, the newest first. */
  known(user: number, nowMs: number): number[] {
    const marks: number[] = [];
    for (let mark = this.newest.at(user); mark > NO_MARK; mark = this.next.at(mark))
      if (this.isKnown(mark, nowMs)) marks.push(mark);
    return marks;
  }

  statesOf(user: number, nowMs: number): MarkState[] {
    return this.known(user, nowMs).map((mark) => this.state(mark));
  }

  /** Marks that are nobody's, for as long as `use` looks at them. */
  withoutUser(states: readonly MarkState[], use: (marks: readonly number[]) => void): void {
    const made = states.map((state) => this.make(state));
    use(made);
    this.free.push(...made);
  }

  /** How many there are of all users. */
  get size(): number {
    return this.count - this.free.length;
  }

  /** Takes in a mark of another: one of the same hour and values has its stages as well. */
  join(user: number, state: MarkState, nowMs: number): void {
    const { hourMs, dimensions, changedMs, importId } = state;
    const same = this.known(user, nowMs).find((mark) => this.is(mark, hourMs, dimensions, importId));
    if (same === undefined) this.begin(user, state, nowMs);
    else {
      for (const stage of state.stages) this.stages.add(same, stage);
      this.changedMs.set(same, Math.max(this.changedMs.at(same), changedMs));
    }
    this.note(user);
  }

  /** What an import has brought of the user goes, or what live events have. @returns what that was */
  take(user: number, importId: string | undefined, nowMs: number): MarkState[] {
    const states = this.statesOf(user, nowMs);
    const taken = states.filter((state) => state.importId === importId);
    if (taken.length === 0) return [];
    this.replace(
      user,
      states.filter((state) => state.importId !== importId),
    );
    this.note(user);
    return taken;
  }

  /** Takes over what was read. */
  load(user: number, text: string, bucket: number): void {
    const states = readMarks(text, bucket * this.plans.marks.widthMs, this.dictionaries);
    for (const state of states.reverse()) this.put(user, state);
    this.marksIn.set(user, bucket);
  }

  save(writes: Writes, dimensions: string, toMs: number): void {
    const into = new OpenBuckets(writes, bucketedFamily('marks', this.plans), dimensions, toMs);
    for (const user of this.changed) {
      this.saveOne(user, into);
      this.flags.remove(user, CHANGED);
    }
    this.changed.length = 0;
  }

  private saveOne(user: number, into: OpenBuckets): void {
    const states = this.statesOf(user, Number.NEGATIVE_INFINITY);
    if (states.length === 0) {
      this.marksIn.remove(user, into);
      return;
    }
    const changedMs = Math.max(...states.map((state) => state.changedMs));
    const changes = this.marksIn.move(user, changedMs, into);
    if (changes === undefined) return;
    writeMarks(states, into.beginOf(changedMs), this.dictionaries, changes.texts);
    changes.end();
  }

  private state(mark: number): MarkState {
    return {
      hourMs: this.hourMs.at(mark),
      changedMs: this.changedMs.at(mark),
      dimensions: this.dimensions.at(mark),
      stages: this.stages.of(mark),
      importId: this.importIds.get(mark),
    };
  }

  private is(mark: number, hourMs: number, dimensions: number, importId: string | undefined): boolean {
    if (this.hourMs.at(mark) !== hourMs || this.dimensions.at(mark) !== dimensions) return false;
    return this.importIds.get(mark) === importId;
  }

  private isKnown(mark: number, nowMs: number): boolean {
    return nowMs - this.changedMs.at(mark) <= MARK_LIFE_MS;
  }

  /** With it, those that are not known any more go: then, and not with the unit, so that any cut of the log leaves the same. */
  private begin(user: number, state: MarkState, nowMs: number): number {
    const known = this.statesOf(user, nowMs);
    const isFull = known.length >= MOST_MARKS;
    this.replace(user, isFull ? known.sort(newestFirst).slice(0, MOST_MARKS - 1) : known);
    return this.put(user, state);
  }

  /** The numbers of the user's marks are others from now on. */
  private replace(user: number, states: readonly MarkState[]): void {
    for (let mark = this.newest.at(user); mark > NO_MARK; mark = this.next.at(mark)) this.free.push(mark);
    this.newest.set(user, NO_MARK);
    for (const state of states.toReversed()) this.put(user, state);
  }

  private put(user: number, state: MarkState): number {
    const mark = this.make(state);
    this.next.set(mark, this.newest.at(user));
    this.newest.set(user, mark);
    return mark;
  }

  private make({ hourMs, changedMs, dimensions, stages, importId }: MarkState): number {
    const mark = this.free.pop() ?? ++this.count;
    this.hourMs.set(mark, hourMs);
    this.changedMs.set(mark, changedMs);
    this.dimensions.set(mark, dimensions);
    this.stages.clear(mark);
    for (const stage of stages) this.stages.add(mark, stage);
    if (importId === undefined) this.importIds.delete(mark);
    else this.importIds.set(mark, importId);
    return mark;
  }

  private note(user: number): void {
    if (!this.flags.has(user, CHANGED)) this.changed.push(user);
    this.flags.add(user, CHANGED);
  }
}

const newestFirst = (a: MarkState, b: MarkState): number => b.changedMs - a.changedMs;
