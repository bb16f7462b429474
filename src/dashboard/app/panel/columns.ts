import { type Format, isText } from '../text/format.ts';

interface Look<T> {
  readonly label: string;
  readonly as: Format;
  /** A bar behind the number, as long as its share of the greatest. */
  readonly bar?: boolean;
  /** What is pressed to choose a row; the first text where no column says so. */
  readonly opens?: boolean;
  /** Of the amount, where it is not that of all. */
  readonly currency?: (row: T) => string;
}

/** A field of a row, or what is made of one. */
export type Column<T> = Look<T> &
  (
    | { readonly key: keyof T & string; readonly of?: undefined }
    | { readonly key: string; readonly of: (row: T, rows: readonly T[]) => string | number | null | undefined }
  );

/** @param rows among which it stands */
export const readCell = <T>(column: Column<T>, row: T, rows: readonly T[]): unknown =>
  column.of === undefined ? row[column.key] : column.of(row, rows);

export const amountOf = <T>(column: Column<T>, row: T, rows: readonly T[]): number =>
  Number(readCell(column, row, rows)) || 0;

/** The greatest first; texts are left as they come. */
export function sortedBy<T>(rows: readonly T[], column: Column<T> | undefined): readonly T[] {
  if (column === undefined || isText(column.as)) return rows;
  const value = (row: T): number => Number(readCell(column, row, rows) ?? Number.NEGATIVE_INFINITY);
  return rows.toSorted((a, b) => value(b) - value(a));
}
