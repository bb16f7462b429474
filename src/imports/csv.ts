import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import { parse as parseWhole } from 'csv-parse/sync';
import { z } from 'zod';
import { type InspectedFile, openText } from './file.ts';
import { type Column, type FileLayout, nameOf, type Repair, type Row, type RowProblem } from './formats/format.ts';
import { BrokenFile, NotThisFormat } from './problems.ts';

/** A row that is longer has a quote that nothing closes. */
const MAX_ROW_BYTES = 64 * 1_024;
const DELIMITERS = [',', ';', '\t'] as const;
/** What tools write before the first column that counts rows. */
const INDEX_NAMES: ReadonlySet<string> = new Set(['', 'index', 'Unnamed: 0']);

const parsedRow = z.object({
  record: z.array(z.string()),
  raw: z.string(),
  info: z.object({ lines: z.number() }),
});

/** How a file is laid out. */
interface Layout {
  readonly delimiter: string;
  readonly header: readonly string[];
  /** Where the format's columns stand; undefined where an optional one is missing. */
  readonly positions: readonly (number | undefined)[];
}

/** A CSV file of a format, whose header was found. */
export interface CsvFile {
  readonly delimiter: string;
  /** What the file is taken as that it does not say by itself. */
  readonly repairs: readonly Repair[];
  /** Every row, its fields in the format's order, or what is wrong with it. @throws BrokenFile */
  rows(): AsyncGenerator<Row | RowProblem>;
}

/** Finds the file's columns. @throws NotThisFormat where they are others */
export async function openCsv(file: InspectedFile, format: FileLayout): Promise<CsvFile> {
  const layout = layoutOf(await firstLine(file), format);
  return { delimiter: layout.delimiter, repairs: repairsOf(file, layout), rows: () => rowsOf(file, layout, format) };
}

function repairsOf({ encoding }: InspectedFile, { delimiter }: Layout): Repair[] {
  const repairs: Repair[] = [];
  const say = (message: string): number => repairs.push({ line: 1, column: '', message });
  if (encoding === 'windows-1252') say('the file is not UTF-8; read as Windows-1252');
  if (encoding.startsWith('utf-16')) say('the file is UTF-16; read as that');
  if (delimiter !== ',') say(`columns are parted by ${delimiter === ';' ? 'semicolons' : 'tabs'}`);
  return repairs;
}

async function firstLine(file: InspectedFile): Promise<string> {
  let text = '';
  for await (const chunk of await openText(file)) {
    text += String(chunk);
    if (/[^\n]\n/.test(text) || text.length > MAX_ROW_BYTES) break;
  }
  return withoutBlankLines(text).split('\n', 1)[0] ?? '';
}

/** Before a row and behind it; a tab may be a column that is empty. */
const withoutBlankLines = (text: string): string => text.replace(/^\n+|\n$/g, '');

function layoutOf(line: string, format: FileLayout): Layout {
  const columns = format.columns.map(nameOf).join(',');
  if (line.trim() === '') throw new NotThisFormat(`the file is empty; ${format.name} begins with ${columns}`);
  const headers = DELIMITERS.map((delimiter) => ({ delimiter, header: namesOf(line, delimiter) }));
  for (const { delimiter, header } of headers) {
    const positions = positionsOf(header, format);
    if (positions !== undefined) return { delimiter, header, positions };
  }
  const [widest] = headers.toSorted((a, b) => b.header.length - a.header.length);
  const shown = (widest?.header ?? []).map((name) => (name === '' ? '(no name)' : name)).join(',');
  throw new NotThisFormat(`the columns are ${shown.slice(0, 200)}; ${format.name} has ${columns}`);
}

function namesOf(line: string, delimiter: string): string[] {
  const rows: unknown = parseWhole(line, { delimiter, relax_quotes: true, bom: true });
  return (z.array(z.array(z.string())).parse(rows)[0] ?? []).map((name) => name.trim());
}

/** @returns undefined where the header is not that of the format */
function positionsOf(header: readonly string[], format: FileLayout): (number | undefined)[] | undefined {
  const find = ({ name, aliases = [] }: Column): number | undefined => {
    const at = header.findIndex((one) => one === name || aliases.includes(one));
    return at === -1 ? undefined : at;
  };
  const positions = format.columns.map(find);
  if (positions.some((at, i) => at === undefined && !format.columns[i]?.isOptional)) return undefined;
  const known = new Set(positions);
  const others = header.filter((name, at) => !known.has(at) && !(at === 0 && INDEX_NAMES.has(name)));
  return others.length > 0 && !format.hasOtherColumns ? undefined : positions;
}

async function* rowsOf(file: InspectedFile, layout: Layout, format: FileLayout): AsyncGenerator<Row | RowProblem> {
  const text = await openText(file);
  const parser = parse({
    bom: true,
    info: true,
    raw: true,
    delimiter: layout.delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  text.on('error', (error) => parser.destroy(error));
  parser.on('close', () => text.destroy());
  text.pipe(parser);
  let lastLine = 0;
  try {
    for await (const parsed of parser) {
      const { record, raw, info } = parsedRow.parse(parsed);
      checkLines(record, raw, info.lines, layout);
      const isHeader = lastLine === 0;
      lastLine = info.lines;
      if (!isHeader) yield rowOf(record, info.lines, layout, format);
    }
  } catch (error) {
    if (!isCsvError(error)) throw error;
    throw new BrokenFile('a quote opens in this row that never closes', await nextRow(file, lastLine));
  }
}

function rowOf(record: readonly string[], line: number, layout: Layout, format: FileLayout): Row | RowProblem {
  const { header, positions } = layout;
  if (record.length !== header.length) {
    const of = format.hasOtherColumns ? 'the header' : format.name;
    return { line, column: '', message: `has ${record.length} columns, ${of} has ${header.length}` };
  }
  return { line, fields: positions.map((at) => (at === undefined ? '' : (record[at] ?? ''))) };
}

/** A row over several lines has a field with line breaks, or a quote that swallowed the rows behind it. @throws BrokenFile */
function checkLines(record: readonly string[], raw: string, line: number, { header, delimiter }: Layout): void {
  const own = withoutBlankLines(raw);
  if (!own.includes('\n')) return;
  const lines = own.split('\n');
  const parted = own.split(delimiter).length - 1;
  const looksLikeRows = header.length > 1 && parted === lines.length * (header.length - 1);
  if (record.length === header.length && !looksLikeRows && isStrict(own, delimiter)) return;
  throw new BrokenFile('a quote opens in this row and takes in the rows behind it', line - lines.length + 1);
}

function isStrict(text: string, delimiter: string): boolean {
  try {
    parseWhole(text, { delimiter, record_delimiter: '\n', relax_column_count: true });
    return true;
  } catch {
    return false;
  }
}

/** The line in which the row behind this one begins. */
async function nextRow(file: InspectedFile, behind: number): Promise<number> {
  let line = 0;
  for await (const text of createInterface({ input: await openText(file) })) {
    line += 1;
    if (line > behind && text !== '') break;
  }
  return line;
}

function isCsvError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_');
}
