import { importTakenBackIn, takingBackLane } from '../fold/taken-back/lane-name.ts';
import { type ArchiveColumn, COLUMNS, CONTROL_COLUMNS } from './columns.ts';
import { OF_CART, OF_SESSION } from './counted-rows.ts';
import type { Source } from './files.ts';

/** Runs SQL; DuckDB does. */
export interface Sql {
  query(sql: string): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;
}

/** The name that an erasure gives: nobody can trace it back who does not have the secret. */
export const erasedNameOf = (secret: string, text: string): string => `md5(${quoted(secret)} || ${text})`;
/** Is what stands in a column such a name? */
export const isErasedName = (column: string): string => `regexp_full_match(${column}, '[0-9a-f]{32}')`;

/** What a record has at this path, as text. */
export const inRecord = (path: string): string => `json_extract_string(record, '$.${path}')`;
/** Is a record of this kind? */
export const isControl = (kind: string): string => `starts_with(record, '{"control":"${kind}"')`;
/** Is a record one about a cart, or a session, which the log does not have? */
export const IS_OF_CART = isControl(OF_CART);
export const IS_OF_SESSION = isControl(OF_SESSION);

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** In the path, as every reader of Hive's layout knows them. */
const IN_PATH: ReadonlySet<string> = new Set(['date', 'partition']);
export const inFile = (columns: readonly ArchiveColumn[]): readonly ArchiveColumn[] =>
  columns.filter(({ name }) => !IN_PATH.has(name));

/** Of waiting rows: those of events, and what others have beside. */
const WAITING: readonly ArchiveColumn[] = [
  ...COLUMNS,
  ...CONTROL_COLUMNS.filter(({ name }) => !COLUMNS.some((column) => column.name === name)),
];

const isMoment = ({ type }: ArchiveColumn): boolean => type === 'TIMESTAMPTZ';

/** The rows of a file of waiting rows of this log and partition, as the archive has them. */
export function waitingRows(path: string, log: string, partition: string): string {
  const types = WAITING.map((column) => `${quoted(column.key)}: ${quoted(isMoment(column) ? 'BIGINT' : column.type)}`);
  const values = WAITING.map((column) => `${selected(column)} AS "${column.name}"`);
  const options = `format = 'newline_delimited', columns = {${types.join(', ')}}, maximum_object_size = 33554432`;
  const known = `${quoted(log)} AS log, ${quoted(partition)} AS partition`;
  return `SELECT * REPLACE (${known}) FROM (SELECT ${values.join(', ')} FROM read_json(${quoted(path)}, ${options}))`;
}

function selected(column: ArchiveColumn): string {
  const { key, type, otherwise } = column;
  if (isMoment(column)) return `make_timestamptz("${key}" * 1000)`;
  return otherwise === undefined ? `"${key}"` : `CAST(coalesce("${key}", ${otherwise}) AS ${type})`;
}

const HIVE = "hive_partitioning = true, hive_types = {'date': DATE, 'partition': VARCHAR}, union_by_name = true";

/** The archive as a table, from these files; one without rows where there are none. */
export function archived(sources: readonly Source[], columns: readonly ArchiveColumn[] = COLUMNS): string {
  const none = `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS "${name}"`).join(', ')} WHERE false`;
  if (sources.length === 0) return none;
  const names = columns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`).join(', ');
  const read = (paths: readonly string[]): string =>
    // Files that an earlier version wrote have not all of the columns.
    `SELECT ${names} FROM (${none} UNION ALL BY NAME SELECT * FROM read_parquet([${paths.map(quoted).join(', ')}], ${HIVE}))`;
  const whole = sources.filter(({ from }) => from === undefined).map(({ path }) => path);
  const cut = sources.flatMap(({ path, from }) =>
    from === undefined ? [] : [`${read([path])} WHERE position >= ${from}`],
  );
  return [...(whole.length > 0 ? [read(whole)] : []), ...cut].join(' UNION ALL ');
}

/** Without the events of imports that were taken back, which count nowhere: of the lanes in which they were, the closings are kept. */
export function withoutTakenBack(events: string, control: string): string {
  const mark = takingBackLane('');
  const from = `SELECT log, partition, substr(lane, ${mark.length + 1}) AS lane FROM (${control}) WHERE starts_with(lane, ${quoted(mark)})`;
  // By a name, since what stands in a join may be read as if it were about the other side's columns.
  return `WITH out AS MATERIALIZED (${from}) SELECT * FROM (${events}) ANTI JOIN out USING (log, partition, lane)`;
}

/** Lanes of imports that were taken back, and those in which they were. */
export async function lanesTakenBack(sql: Sql, control: string): Promise<string[]> {
  const { rows } = await sql.query(
    `SELECT DISTINCT lane FROM (${control}) WHERE starts_with(lane, ${quoted(takingBackLane(''))})`,
  );
  return rows.flatMap(({ lane }) => [String(lane), importTakenBackIn(String(lane)) ?? '']);
}

/** Writes rows as a file of the archive. */
export function copyTo(rows: string, path: string, columns: readonly ArchiveColumn[] = COLUMNS): string {
  const names = inFile(columns)
    .map(({ name }) => `"${name}"`)
    .join(', ');
  return `COPY (SELECT ${names} FROM (${rows}) ORDER BY position) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`;
}

export const EXPORT_FORMATS = ['ndjson', 'csv', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const quotedNames = (columns: readonly ArchiveColumn[]): string[] => columns.map(({ name }) => `"${name}"`);
/** What senders have written; lists and maps hold texts too. */
const TEXTS = quotedNames(COLUMNS.filter(({ type }) => type === 'VARCHAR'));
const WITH_TEXTS = quotedNames(COLUMNS.filter(({ type }) => type.includes('VARCHAR')));

/** A sheet would take a text that begins with one of these for a formula. */
const noFormula = (text: string): string =>
  `CASE WHEN regexp_matches(${text}, '^[-=+@\\t\\r]') THEN '''' || ${text} ELSE ${text} END AS ${text}`;

const EXPORTED: Readonly<Record<ExportFormat, { readonly selected: string; readonly options: string }>> = {
  ndjson: { selected: '*', options: 'FORMAT json, ARRAY false' },
  csv: {
    selected: `* REPLACE (${TEXTS.map(noFormula).join(', ')})`,
    // Some sheets part columns at semicolons or tabs.
    options: `FORMAT csv, HEADER, FORCE_QUOTE (${WITH_TEXTS.join(', ')})`,
  },
  parquet: { selected: '*', options: 'FORMAT parquet, COMPRESSION zstd' },
};

/** Writes the archive to a file for somebody else, date by date. */
export function exportTo(archive: string, path: string, format: ExportFormat): string {
  const { selected, options } = EXPORTED[format];
  return `COPY (SELECT ${selected} FROM (${archive}) ORDER BY date, partition, position) TO ${quoted(path)} (${options})`;
}
