import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

/** A stranger's statement is not one that is run. */
export class Refused extends Error {}

/** Functions to select from that make rows of what they are given. Others read files or settings, and one writes logs. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree']);

const parsed = z.discriminatedUnion('error', [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_message: z.string() }),
]);
const selected = z.object({ type: z.literal('TABLE_FUNCTION'), function: z.object({ function_name: z.string() }) });

/** Lets a single SELECT through, as DuckDB itself reads it. @throws Refused */
export async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)', [
    sql,
  ]);
  const tree = parsed.parse(JSON.parse(z.string().parse(reader.getRowsJson()[0]?.[0])));
  if (tree.error) throw new Refused(`only SELECT is run here: ${tree.error_message}`);
  if (tree.statements.length !== 1) throw new Refused('one statement at a time');
  for (const name of tableFunctions(tree.statements))
    if (!TABLE_FUNCTIONS.has(name))
      throw new Refused(`${name}() is not to be selected from; there is the table \`events\``);
}

function* tableFunctions(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  const found = selected.safeParse(node);
  if (found.success) yield found.data.function.function_name.toLowerCase();
  for (const child of Object.values(node)) yield* tableFunctions(child);
}
