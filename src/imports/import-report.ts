import type { Calendar } from '../time/calendar.ts';
import type { Repair, RowProblem } from './formats/format.ts';

const SHOWN_PROBLEMS = 100;

export interface ImportReport {
  readonly import_id: string;
  readonly rows: number;
  readonly events: number;
  readonly rejected: number;
  /** When what the file holds began and ended; absent where it holds nothing. */
  readonly first_event_at?: string | undefined;
  readonly last_event_at?: string | undefined;
  /** The first hundred. */
  readonly errors: readonly RowProblem[];
  /** What was taken as what it can only mean; absent where nothing was. */
  readonly repaired?: readonly Repair[] | undefined;
}

/** Adds up what comes of a file. */
export class Tally {
  rows = 0;
  events = 0;
  private rejected = 0;
  private readonly errors: RowProblem[] = [];
  private firstMs = Number.POSITIVE_INFINITY;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** An event of the file, of which every format names the moment. */
  hold({ timestamp }: Readonly<Record<string, unknown>>): void {
    if (typeof timestamp !== 'number') return;
    this.firstMs = Math.min(this.firstMs, timestamp);
    this.lastMs = Math.max(this.lastMs, timestamp);
  }

  reject(problem: RowProblem): void {
    this.rejected += 1;
    if (this.errors.length < SHOWN_PROBLEMS) this.errors.push(problem);
  }

  report(importId: string, repairs: readonly Repair[], calendar: Pick<Calendar, 'format'>): ImportReport {
    const { rows, events, rejected, errors, firstMs, lastMs } = this;
    const held = firstMs <= lastMs && {
      first_event_at: calendar.format(firstMs),
      last_event_at: calendar.format(lastMs),
    };
    const repaired = repairs.length > 0 && { repaired: repairs.slice(0, SHOWN_PROBLEMS) };
    return { import_id: importId, rows, events, rejected, ...held, errors, ...repaired };
  }
}
