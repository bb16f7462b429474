import { numberAsWritten } from '../../events/numbers/exact-numbers.ts';
import type { Calendar } from '../../time/calendar.ts';

export interface RowProblem {
  /** Line of the file, counted from 1; a quoted field may span several, the row's last counts. */
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** What becomes of a row, or of several together. */
export type Imported =
  | { readonly outcome: 'event'; readonly event: Readonly<Record<string, unknown>>; readonly line: number }
  | { readonly outcome: 'rejected'; readonly problem: RowProblem };

export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** One import format: its columns, and how rows become events. */
export interface ImportFormat {
  readonly name: string;
  readonly columns: readonly string[];
  /** A reader for one file. */
  open(context: ImportContext): RowReader;
}

export interface ImportContext {
  readonly calendar: Calendar;
  /** Event ids are made from it and the line, so that they are the same whenever the file is read. */
  readonly fileId: string;
}

/** The event id that a line has; by it the log is searched for what an import has brought in. */
export const lineId = (fileId: string, line: number): string => `${fileId}-${line}`;

export interface RowReader {
  read(row: Row): Imported[];
  /** What the rows read last come to, where several make one event. */
  finish(): Imported[];
}

export const rejectRow = (line: number, column: string, message: string): Imported => ({
  outcome: 'rejected',
  problem: { line, column, message },
});

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A decimal number as the file writes it, or undefined. */
export function decimal(text: string): number | undefined {
  const trimmed = text.trim();
  return DECIMAL.test(trimmed) ? numberAsWritten(trimmed) : undefined;
}
