import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api';
import { z } from 'zod';
import type { Cell, Row, Said, Table } from './messages.ts';

/**
 * A process that runs DuckDB for its parent, so that a query that takes all memory or never ends takes nobody else down. It is given the
 * statements that prepare the database as JSON in its only argument.
 */
const asked = z.object({
  id: z.int(),
  sql: z.string().optional(),
  isForeign: z.boolean().default(false),
  maxRows: z.int().default(1_000_000),
});

/** A stranger's statement is not one that is run. */
class Refused extends Error {}

const instance = await DuckDBInstance.create(':memory:');
const first = await instance.connect();
for (const statement of z.array(z.string()).parse(JSON.parse(process.argv[2] ?? '[]'))) await first.run(statement);

const running = new Map<number, DuckDBConnection>();

process.on('message', (message) => {
  const { id, sql, isForeign, maxRows } = asked.parse(message);
  if (sql === undefined) running.get(id)?.interrupt();
  else void answer(id, sql, isForeign, maxRows).then((said) => process.send?.(said));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function answer(id: number, sql: string, isForeign: boolean, maxRows: number): Promise<Said> {
  const connection = await instance.connect();
  running.set(id, connection);
  try {
    if (isForeign) await requireSelect(connection, sql);
    return { id, table: await read(connection, sql, maxRows) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: message, isRefused: error instanceof Refused };
  } finally {
    running.delete(id);
    connection.closeSync();
  }
}

async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const statements = await connection.extractStatements(sql);
  if (statements.count !== 1) throw new Refused('one statement at a time, please');
  const prepared = await statements.prepare(0);
  const { statementType } = prepared;
  prepared.destroySync();
  if (statementType !== StatementType.SELECT) throw new Refused('only SELECT is run here');
}

async function read(connection: DuckDBConnection, sql: string, maxRows: number): Promise<Table> {
  const reader = await connection.streamAndReadUntil(sql, maxRows + 1);
  const columns = reader.deduplicatedColumnNames().map((name, i) => ({ name, type: String(reader.columnType(i)) }));
  const rows = reader.getRowObjectsJson().slice(0, maxRows);
  return { columns, rows: rows.map((row) => toRow(row, columns)), isCut: reader.currentRowCount > maxRows };
}

/** Whole numbers of 64 bits and decimals come as texts; those that a double holds are numbers here. */
function toRow(row: Readonly<Record<string, unknown>>, columns: Table['columns']): Row {
  return Object.fromEntries(columns.map(({ name, type }) => [name, toCell(row[name], type)]));
}

const WIDE = /^(?:BIGINT|HUGEINT|UBIGINT|UHUGEINT|DECIMAL)/;

function toCell(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' && WIDE.test(type) && !type.endsWith(']')) {
    const number = Number(value);
    return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
  }
  return cell.parse(value);
}

const cell: z.ZodType<Cell> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(cell), z.record(z.string(), cell)]),
);
