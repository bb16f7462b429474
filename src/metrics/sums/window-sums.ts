import type { LocalTime, RealtimeTime } from '../../time/windows.ts';
import { NumberList } from './number-list.ts';
import { SumColumn } from './sum-column.ts';

/** What is summed up under one name: see `sums.ts`. */
export type MetricId = number & { readonly __metric: never };
/** A family of unique users, and one of its names: a stage. */
export type UniquesId = number & { readonly __uniques: never };

/** Numbers of users, some of them twice, by the combination of dimension values that they were seen with. */
export type SeenUsers = ReadonlyMap<number, NumberList>;

/** All that a unit adds to one window of time. */
export class WindowSums<Time extends LocalTime | RealtimeTime = LocalTime> {
  readonly time: Time;
  /** By metric, where any was added to. */
  private readonly columns: (SumColumn | undefined)[] = [];
  private readonly users = new Map<UniquesId, Map<number, NumberList>>();

  constructor(time: Time) {
    this.time = time;
  }

  /**
   * Adds to a metric.
   * @param number of a dimension value, or of whatever the metric is kept by
   */
  add(metric: MetricId, number: number, by = 1): void {
    if (by === 0) return;
    let column = this.columns[metric];
    if (column === undefined) {
      column = new SumColumn();
      this.columns[metric] = column;
    }
    column.add(number, by);
  }

  /** Counts a user once, for a combination of dimension values. */
  see(uniques: UniquesId, combination: number, user: number): void {
    let seen = this.users.get(uniques);
    if (seen === undefined) {
      seen = new Map();
      this.users.set(uniques, seen);
    }
    let users = seen.get(combination);
    if (users === undefined) {
      users = new NumberList();
      seen.set(combination, users);
    }
    users.push(user);
  }

  column(metric: MetricId): SumColumn | undefined {
    const column = this.columns[metric];
    return column !== undefined && column.size > 0 ? column : undefined;
  }

  get seen(): ReadonlyMap<UniquesId, SeenUsers> {
    return this.users;
  }

  /** What was added is taken off instead; who was seen can't be unseen, so nobody was. */
  takeBack(): void {
    for (const column of this.columns) column?.negate();
    this.users.clear();
  }

  /** Forgets what was added; what it was added in is used again. */
  clear(): void {
    for (const column of this.columns) column?.clear();
    this.users.clear();
  }
}
