import { cell } from '../../runtime/csv-cell.ts';
import type { Row } from './row-pages.ts';

/** Lists within a row that are rows of their own: each has what stands around it beside it. */
const UNFOLDED = ['breakdown', 'windows', 'series', 'stages'] as const;
/** Lists that tell about an answer and are no part of it. */
const ABOUT: ReadonlySet<string> = new Set(['funnels', 'currencies', 'intervals', 'all_cities']);

/** An answer as rows of plain values: those of its list, or itself; the parts of what it is cut by beside them. */
export function flatRows(data: unknown): Row[] {
  if (Array.isArray(data)) return data.flatMap(flatRows);
  if (!isRow(data)) return [];
  const unfolded = UNFOLDED.filter((name) => Array.isArray(data[name]));
  const [name] = unfolded;
  const own = Object.entries(data).filter(([key]) => !UNFOLDED.some((one) => one === key) && !ABOUT.has(key));
  // A breakdown or a series has the sums of the whole in its parts: beside them they would be taken for theirs.
  const isCut = name === 'breakdown' || name === 'series';
  const around = Object.fromEntries(own.filter(([, value]) => !isCut || typeof value === 'string').flatMap(flat));
  if (name === undefined) return [around];
  return flatRows(data[name]).map((row) => ({ ...around, ...row }));
}

/** What lies within a value goes by dotted names; lists are JSON. */
function flat([key, value]: [string, unknown]): [string, unknown][] {
  if (Array.isArray(value)) return [[key, JSON.stringify(value)]];
  if (!isRow(value)) return [[key, value]];
  return Object.entries(value).flatMap(([part, one]) => flat([`${key}.${part}`, one]));
}

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A CSV file of rows: their columns in the order in which they are first seen, and the same in every row beside them. */
export function csvOf(rows: readonly Row[], beside: Row): string {
  const columns = [...new Set([...Object.keys(beside), ...rows.flatMap((row) => Object.keys(row))])];
  const lines = rows.map((row) => columns.map((name) => cell(row[name] ?? beside[name])).join(','));
  // Sheets take a text without this mark for one of their own encoding.
  return `\uFEFF${[columns.map(cell).join(','), ...lines].join('\r\n')}\r\n`;
}
