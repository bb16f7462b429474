import type { FirstCounted, UserReached } from '../../metrics/facts.ts';
import { type DimensionValues, NO_VALUE, NONE } from '../../metrics/sums/dimension-values.ts';
import type { Calendar } from '../../time/calendar.ts';
import type { EventStep } from '../event-step.ts';
import { MARK_LIFE_MS } from '../settings.ts';
import type { Memory } from '../state/memory.ts';
import type { MarkState } from './stored-marks.ts';
import type { UserMarks } from './user-marks.ts';

/** Over all, among the bits of what somebody is new to; each dimension has one behind it, of which there are 20 at most. */
const ALL = 1;
/** Most events reach no new stage. */
const NOTHING: readonly never[] = [];

/** What a user is new to at a stage: a bit for the sum over all, and one for the value of each dimension. */
interface News {
  readonly inHour: number;
  readonly inDay: number;
}

/** Counts a lane's users: at each stage once an hour and once a day, over all and with each dimension value. */
export class UserCounts {
  private readonly marks: UserMarks;
  private readonly memory: Memory;
  private readonly calendar: Calendar;
  private readonly values: DimensionValues;

  constructor(marks: UserMarks, memory: Memory, calendar: Calendar) {
    this.marks = marks;
    this.memory = memory;
    this.calendar = calendar;
    this.values = memory.sums.dictionaries.values;
  }

  /** @returns stages that the user had not reached yet in the event's hour, with its dimension values */
  reach({ user, dimensions, nameId, name }: EventStep, hourMs: number, nowMs: number): readonly UserReached[] {
    const { marks, memory } = this;
    const { stages } = memory.stepsOf(nameId, name);
    const mark = marks.at(user, hourMs, dimensions, nowMs);
    let reached: UserReached[] | undefined;
    for (const stage of stages) {
      if (marks.stages.has(mark, stage)) continue;
      reached ??= [];
      const others = marks.known(user, nowMs).filter((other) => other !== mark);
      reached.push(this.reachedAt(stage, dimensions, this.news(mark, stage, others)));
      marks.add(user, mark, stage, nowMs);
    }
    return reached ?? NOTHING;
  }

  /** Takes in where somebody was counted who turns out to be the user: one person counts once. Their partition, or lane, may be ahead. */
  takeIn(user: number, states: readonly MarkState[], nowMs: number): void {
    const { marks } = this;
    const known = states
      .filter(({ changedMs }) => nowMs - changedMs <= MARK_LIFE_MS)
      .map((state) => ({ ...state, changedMs: Math.min(state.changedMs, nowMs) }));
    this.recount(known, marks.known(user, nowMs), -1);
    for (const state of known.reverse()) marks.join(user, state, nowMs);
  }

  /** Gives up where live events have counted a guest: they are another's. What an import has brought stays the guest's, and counts by itself. */
  giveUp(guest: number, nowMs: number): MarkState[] {
    const { marks } = this;
    const given = marks.take(guest, undefined, nowMs);
    this.recount(given, marks.known(guest, nowMs), 1);
    return given;
  }

  /** An import is taken back: where it had counted the user, live events count them instead. */
  takeOut(user: number, importId: string, nowMs: number): void {
    const { marks } = this;
    const brought = marks.take(user, importId, nowMs);
    this.recount(brought, marks.known(user, nowMs), 1);
  }

  /** Of all for which these marks have counted somebody, what `own` stand for as well counts once more, or once less. */
  private recount(states: readonly MarkState[], own: readonly number[], sign: 1 | -1): void {
    const { marks, memory, calendar } = this;
    marks.withoutUser(states, (theirs) => {
      for (const [i, mark] of theirs.entries()) {
        const hour = memory.sums.hour(calendar.at(marks.hourMs.at(mark)));
        for (const stage of marks.stages.of(mark)) {
          const counted = this.news(mark, stage, theirs.slice(0, i));
          const unknown = this.news(mark, stage, own);
          const both = { inHour: counted.inHour & ~unknown.inHour, inDay: counted.inDay & ~unknown.inDay };
          if (both.inHour === 0 && both.inDay === 0) continue;
          memory.countings.userRecount({ hour, sign, reached: this.reachedAt(stage, marks.dimensions.at(mark), both) });
        }
      }
    });
  }

  /** @param others where the same person has been counted beside it */
  private news(mark: number, stage: number, others: readonly number[]): News {
    const { hourMs, dimensions, stages } = this.marks;
    const ofMark = dimensions.at(mark);
    const { day } = this.calendar.at(hourMs.at(mark));
    let inHour = this.bitsOf(ofMark);
    let inDay = inHour;
    for (const other of others) {
      if (!stages.has(other, stage)) continue;
      const isSameHour = hourMs.at(other) === hourMs.at(mark);
      if (!isSameHour && this.calendar.at(hourMs.at(other)).day !== day) continue;
      const same = this.sameBits(ofMark, dimensions.at(other));
      if (isSameHour) inHour &= ~same;
      inDay &= ~same;
    }
    return { inHour, inDay };
  }

  private bitsOf(dimensions: number): number {
    return this.sameBits(dimensions, dimensions);
  }

  /** What two combinations have in common: that they count in the sum over all, and their values. */
  private sameBits(one: number, other: number): number {
    const { values } = this;
    let bits = ALL;
    for (let i = 0; i < values.names.length; i++) {
      const value = values.part(one, i);
      if (value !== NONE && value === values.part(other, i)) bits |= ALL << (i + 1);
    }
    return bits;
  }

  private reachedAt(stage: number, dimensions: number, { inHour, inDay }: News): UserReached {
    return {
      stage: this.memory.funnels.stages[stage] ?? '',
      inHour: this.firstCounted(dimensions, inHour),
      inDay: this.firstCounted(dimensions, inDay),
    };
  }

  private firstCounted(dimensions: number, bits: number): FirstCounted {
    const { values } = this;
    const overAll = (bits & ALL) !== 0;
    if (bits === this.bitsOf(dimensions)) return { overAll, values: dimensions };
    const parts = values.names.map((_, i) => ((bits >> (i + 1)) & 1 ? values.part(dimensions, i) : NONE));
    return { overAll, values: parts.every((part) => part === NONE) ? NO_VALUE : values.of(parts) };
  }
}
