import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { z } from 'zod';
import { type ImportContext, type Imported, type ImportFormat, type Row, rejectRow } from './formats/format.ts';

/** A row that is longer has a quote that nothing closes. */
const MAX_ROW_BYTES = 64 * 1_024;

const parsedRow = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** The header is not that of the format. */
export class NotThisFormat extends Error {
  readonly code = 'not-this-format';
  readonly retryable = false;
}

type CsvItem = { readonly rows: number; readonly imported: readonly Imported[] };

/**
 * Reads a CSV file as a stream, row by row. A row of another
 * length than the header, or of wrong types, is rejected alone.
 * @throws NotThisFormat where the header has other columns
 */
export async function* readCsv(
  source: Readable,
  format: ImportFormat,
  context: ImportContext,
): AsyncGenerator<CsvItem> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  const reader = format.open(context);
  let headerSeen = false;
  for await (const parsed of parser) {
    const { record, info } = parsedRow.parse(parsed);
    if (!headerSeen) {
      checkHeader(record, format);
      headerSeen = true;
      continue;
    }
    yield { rows: 1, imported: readRow({ line: info.lines, fields: record }, format, reader) };
  }
  if (!headerSeen) throw new NotThisFormat(`the file is empty; ${format.name} begins with ${format.columns.join(',')}`);
  yield { rows: 0, imported: reader.finish() };
}

function readRow(row: Row, format: ImportFormat, reader: ReturnType<ImportFormat['open']>): Imported[] {
  if (row.fields.length === format.columns.length) return reader.read(row);
  return [rejectRow(row.line, '', `has ${row.fields.length} columns, ${format.name} has ${format.columns.length}`)];
}

function checkHeader(header: readonly string[], format: ImportFormat): void {
  const names = header.map((name) => name.trim());
  if (names.length === format.columns.length && format.columns.every((column, i) => names[i] === column)) return;
  throw new NotThisFormat(
    `the columns are ${names.join(',').slice(0, 200)}; ${format.name} has ${format.columns.join(',')}`,
  );
}
