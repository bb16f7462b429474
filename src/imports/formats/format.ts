import { numberAsWritten } from '../../events/numbers/exact-numbers.ts';
import type { Calendar } from '../../time/calendar.ts';

export interface RowProblem {
  /** Line of the file, counted from 1; a quoted field may span several, the row's last counts. */
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** What was taken as what it can only mean. */
export type Repair = RowProblem;

/** What becomes of a row, or of several together. */
export type Imported =
  | {
      readonly outcome: 'event';
      readonly event: Readonly<Record<string, unknown>> & { readonly event_id: string };
      readonly line: number;
    }
  | { readonly outcome: 'rejected'; readonly problem: RowProblem };

export interface Row {
  readonly line: number;
  /** In the order of the format's columns; empty where an optional one is missing. */
  readonly fields: readonly string[];
}

export interface Column {
  readonly name: string;
  /** Other names that files have for it. */
  readonly aliases?: readonly string[];
  readonly isOptional?: boolean;
}

export const nameOf = ({ name }: Column): string => name;

/** Which columns a CSV file has. */
export interface FileLayout {
  readonly name: string;
  readonly columns: readonly Column[];
  /** May a file have others beside them? */
  readonly hasOtherColumns?: boolean;
}

/** One import format: its columns, and how rows become events. */
export interface ImportFormat extends FileLayout {
  /** A reader for one file. */
  open(context: ImportContext): RowReader;
}

export interface ImportContext {
  readonly calendar: Calendar;
  /** Event ids are made from it and the line, so that they are the same whenever the file is read. */
  readonly fileId: string;
  /** Are numbers written as `2,55`? */
  readonly decimalComma: boolean;
}

/** The event id that a line has; by it the log is searched for what an import has brought in. */
export const lineId = (fileId: string, line: number): string => `${fileId}-${line}`;

export interface RowReader {
  /** Looks at a row; at every one of the file, before any is read. @throws BrokenFile */
  survey?(row: Row): void;
  /** What the survey found that the file does not say by itself. */
  repairs?(): readonly Repair[];
  /** What comes of a row. Events come in the order of the lines that they are named after. */
  read(row: Row): Imported[];
}

export const rejectRow = (line: number, column: string, message: string): Imported => ({
  outcome: 'rejected',
  problem: { line, column, message },
});

const DECIMAL = { point: /^-?\d+(\.\d+)?$/, comma: /^-?\d+([.,]\d+)?$/ } as const;

/** A decimal number as the file writes it, or undefined. */
export function decimal(text: string, { decimalComma }: Pick<ImportContext, 'decimalComma'>): number | undefined {
  const trimmed = text.trim();
  if (!DECIMAL[decimalComma ? 'comma' : 'point'].test(trimmed)) return undefined;
  return numberAsWritten(trimmed.replace(',', '.'));
}
