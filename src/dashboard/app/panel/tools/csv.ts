import { cell } from '../../../../runtime/csv-cell.ts';
import { said } from '../../words/said.ts';
import { type Column, readCell } from '../columns.ts';

/** Numbers as they are, times with date and offset, and the currency beside the amounts. */
export function toCsv<T>(columns: readonly Column<T>[], rows: readonly T[], currency: string): string {
  const amount = columns.find(({ as }) => as === 'money');
  const written = (column: Column<T>, row: T): unknown => {
    const value = readCell(column, row, rows);
    return column.as === 'day' ? String(value).slice(0, 10) : value;
  };
  const lines = [
    [...columns.map(({ label }) => label), ...(amount ? [said('Currency')] : [])],
    ...rows.map((row) => [
      ...columns.map((column) => written(column, row)),
      ...(amount ? [amount.currency?.(row) ?? currency] : []),
    ]),
  ];
  return `${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

// Sheets take a text without the mark for one of their own encoding.
export const csvFile = (csv: string): Blob => new Blob(['\uFEFF', csv], { type: 'text/csv;charset=utf-8' });

/** Named by panel and period. */
export const fileOf = (name: string, { from, to }: { readonly from: string; readonly to: string }): string =>
  `${name}-${from === to ? from : `${from}-to-${to}`}`;

export function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
