import type { Repair, RowProblem } from './formats/format.ts';

const SHOWN_PROBLEMS = 100;

export interface ImportReport {
  readonly import_id: string;
  readonly rows: number;
  readonly events: number;
  readonly rejected: number;
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

  reject(problem: RowProblem): void {
    this.rejected += 1;
    if (this.errors.length < SHOWN_PROBLEMS) this.errors.push(problem);
  }

  report(importId: string, repairs: readonly Repair[]): ImportReport {
    const { rows, events, rejected, errors } = this;
    const repaired = repairs.length > 0 && { repaired: repairs.slice(0, SHOWN_PROBLEMS) };
    return { import_id: importId, rows, events, rejected, errors, ...repaired };
  }
}
