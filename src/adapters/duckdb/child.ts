import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { Refused, requireSelect } from './foreign-sql.ts';
import type { Cell, Row, Said, Table } from './messages.ts';

/**
 * A process that runs DuckDB for its parent, so that a query that takes all memory or never ends takes nobody else down. It is given the
 * statements that prepare the database as JSON in its only argument.
 */
const asked = z.object({
  id: z.int(),
  sql: z.string().optional(),
  foreignTable: z.string().optional(),
  maxRows: z.int().default(1_000_000),
});

type Query = z.infer<typeof asked> & { readonly sql: string };

const instance = await DuckDBInstance.create(':memory:');
const first = await instance.connect();
for (const statement of z.array(z.string()).parse(JSON.parse(process.argv[2] ?? '[]'))) await first.run(statement);

const running = new Map<number, DuckDBConnection>();

process.on('message', (message) => {
  const query = asked.parse(message);
  const { id, sql } = query;
  if (sql === undefined) running.get(id)?.interrupt();
  else void answer({ ...query, sql }).then((said) => process.send?.(said));
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

async function answer(query: Query): Promise<Said> {
  const { id, sql, foreignTable } = query;
  const connection = await instance.connect();
  running.set(id, connection);
  try {
    if (foreignTable !== undefined) {
      await requireSelect(connection, sql);
      await connection.run(`CREATE TEMP VIEW events AS ${foreignTable}`);
    }
    return { id, table: await read(connection, query) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { id, error: message, isRefused: error instanceof Refused };
  } finally {
    running.delete(id);
    connection.closeSync();
  }
}

/** What a stranger asks for: whoever asked this process has to hold all of it. */
const MOST_BYTES = 16 * 1_048_576;

async function read(connection: DuckDBConnection, { sql, maxRows, foreignTable }: Query): Promise<Table> {
  const result = await connection.stream(sql);
  const names = result.deduplicatedColumnNames();
  const columns = names.map((name, i) => ({ name, type: String(result.columnType(i)) }));
  const rows: Row[] = [];
  let bytes = 0;
  for await (const chunk of result.yieldRowObjectJson()) {
    for (const json of chunk) {
      if (rows.length === maxRows) return { columns, rows, isCut: true };
      bytes += foreignTable === undefined ? 0 : JSON.stringify(json).length;
      if (bytes > MOST_BYTES)
        throw new Refused(`the answer has more than ${MOST_BYTES / 1_048_576} MiB; ask for fewer rows, or for sums`);
      rows.push(toRow(json, columns));
    }
  }
  return { columns, rows, isCut: false };
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
