import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

/** A stranger's statement is not one that is run. */
export class Refused extends Error {}

const TABLE = 'events';
/** Functions to select from that make rows of what they are given. Others read files or settings, and one writes logs. */
const TABLE_FUNCTIONS: ReadonlySet<string> = new Set(['unnest', 'range', 'generate_series', 'json_each', 'json_tree']);
/** Functions of values that tell of the server, or write its logs. */
const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set(['current_setting', 'getenv', 'write_log']);

const parsed = z.discriminatedUnion('error', [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_message: z.string() }),
]);

/** What of a statement reaches beyond it. DuckDB's own catalogue knows its settings, and where the archive lies. */
const reaching = z.discriminatedUnion('type', [
  z.object({ type: z.literal('TABLE_FUNCTION'), function: z.object({ function_name: z.string() }) }),
  z.object({
    type: z.literal('BASE_TABLE'),
    catalog_name: z.string(),
    schema_name: z.string(),
    table_name: z.string(),
  }),
  z.object({ type: z.literal('SHOW_REF'), query: z.unknown() }),
  z.object({ type: z.literal('FUNCTION'), function_name: z.string() }),
]);
const naming = z.object({
  cte_map: z.object({ map: z.array(z.object({ key: z.string(), value: z.unknown() })) }),
});
const recursive = z.object({ query: z.object({ node: z.object({ type: z.literal('RECURSIVE_CTE_NODE') }) }) });

/** Lets a single SELECT through, as DuckDB itself reads it. @throws Refused */
export async function requireSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  const reader = await connection.runAndReadAll('SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)', [
    sql,
  ]);
  const tree = parsed.parse(JSON.parse(z.string().parse(reader.getRowsJson()[0]?.[0])));
  if (tree.error) throw new Refused(`only SELECT is run here: ${tree.error_message}`);
  if (tree.statements.length !== 1) throw new Refused('one statement at a time');
  look(tree.statements, new Set([TABLE]));
}

/** @param tables what may be selected from: also what the statement itself has named so far */
function look(node: unknown, tables: ReadonlySet<string>): void {
  if (typeof node !== 'object' || node === null) return;
  const found = reaching.safeParse(node);
  const problem = found.success ? problemOf(found.data, tables) : undefined;
  if (problem !== undefined) throw new Refused(`${problem}; there is the table \`${TABLE}\``);
  const named = naming.safeParse(node);
  const known = named.success ? lookAtNamed(named.data.cte_map.map, tables) : tables;
  for (const [name, child] of Object.entries(node)) if (!named.success || name !== 'cte_map') look(child, known);
}

/** Each knows those before it, and one that is recursive itself. @returns all that is known behind them */
function lookAtNamed(
  named: readonly { readonly key: string; readonly value: unknown }[],
  tables: ReadonlySet<string>,
): ReadonlySet<string> {
  const known = new Set(tables);
  for (const { key, value } of named) {
    const own = key.toLowerCase();
    look(value, recursive.safeParse(value).success ? new Set([...known, own]) : known);
    known.add(own);
  }
  return known;
}

function problemOf(found: z.infer<typeof reaching>, tables: ReadonlySet<string>): string | undefined {
  switch (found.type) {
    case 'TABLE_FUNCTION': {
      const name = found.function.function_name.toLowerCase();
      return TABLE_FUNCTIONS.has(name) ? undefined : `${name}() is not to be selected from`;
    }
    case 'BASE_TABLE': {
      const { catalog_name: catalog, schema_name: schema, table_name: table } = found;
      const isKnown = catalog === '' && schema === '' && tables.has(table.toLowerCase());
      return isKnown ? undefined : `${[catalog, schema, table].filter(Boolean).join('.')} is not to be selected from`;
    }
    case 'SHOW_REF':
      return found.query === null || found.query === undefined ? 'what tables there are is not told' : undefined;
    case 'FUNCTION': {
      const name = found.function_name.toLowerCase();
      return REFUSED_FUNCTIONS.has(name) ? `${name}() is not run here` : undefined;
    }
  }
}
