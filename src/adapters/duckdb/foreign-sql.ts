import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

/** A stranger's statement is not one that is run. */
export class Refused extends Error {}

/** Functions to select from that make rows of what they are given. Others read files or settings, and one writes logs. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree']);

/** Functions that tell of the server, or write its logs. */
const OF_THE_SERVER: ReadonlySet<string> = new Set(['current_setting', 'getenv', 'write_log']);

const parsed = z.discriminatedUnion('error', [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_message: z.string() }),
]);
const called = z.object({ class: z.literal('FUNCTION'), function_name: z.string() });
const selected = z.object({ type: z.literal('TABLE_FUNCTION'), function: z.object({ function_name: z.string() }) });

/** Lets a single SELECT through, as DuckDB itself reads it. @throws Refused */
export async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)', [
    sql,
  ]);
  const tree = parsed.parse(JSON.parse(z.string().parse(reader.getRowsJson()[0]?.[0])));
  if (tree.error) throw new Refused(`only SELECT is run here: ${tree.error_message}`);
  if (tree.statements.length !== 1) throw new Refused('one statement at a time');
  for (const node of nodesOf(tree.statements)) {
    const name = selected.safeParse(node).data?.function.function_name.toLowerCase();
    if (name !== undefined && !TABLE_FUNCTIONS.has(name))
      throw new Refused(`${name}() is not to be selected from; there is the table \`events\``);
    const callee = called.safeParse(node).data?.function_name.toLowerCase();
    if (callee !== undefined && OF_THE_SERVER.has(callee)) throw new Refused(`${callee}() is not to be called`);
  }
}

function* nodesOf(node: unknown): Generator<object> {
  if (typeof node !== 'object' || node === null) return;
  yield node;
  for (const child of Object.values(node)) yield* nodesOf(child);
}
