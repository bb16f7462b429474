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
    | { readonly key: string; readonly of: (row: T) => string | number | null | undefined }
  );

export const readCell = <T>(column: Column<T>, row: T): unknown =>
  column.of === undefined ? row[column.key] : column.of(row);

export const amountOf = <T>(column: Column<T>, row: T): number => Number(readCell(column, row)) || 0;

/** The greatest first; texts are left as they come. */
export function sortedBy<T>(rows: readonly T[], column: Column<T> | undefined): readonly T[] {
  if (column === undefined || isText(column.as)) return rows;
  const value = (row: T): number => Number(readCell(column, row) ?? Number.NEGATIVE_INFINITY);
  return rows.toSorted((a, b) => value(b) - value(a));
}
