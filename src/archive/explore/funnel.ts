import { BUILT_IN_NAMES } from '../../metrics/dimension.ts';
import { quoted } from '../sql.ts';

/** What a step may be narrowed to, beside its event's name. */
export const CONDITIONS = [...BUILT_IN_NAMES, 'lane', 'currency', 'payment_type', 'search_term', 'item_id'] as const;
export type Condition = (typeof CONDITIONS)[number];
export const FUNNEL_DIMENSIONS = [...BUILT_IN_NAMES, 'lane', 'currency'] as const;

export interface Step {
  readonly name: string;
  readonly where?: Readonly<Partial<Record<Condition, string>>> | undefined;
}

export interface FunnelAsked {
  readonly steps: readonly Step[];
  readonly by: 'visitor' | 'session';
  /** From the first step to the last. */
  readonly windowMs: number | undefined;
  /** Of the event that was the first step; at most two. */
  readonly breakdown: readonly (typeof FUNNEL_DIMENSIONS)[number][];
  readonly from: string;
  readonly to: string;
}

/** When an event happened and, of those of one millisecond, where the log has it: one number, since the least of pairs takes twice as long. */
const PLACE = 'CAST(epoch_ms(timestamp) AS HUGEINT) * 9223372036854775808 + position';

/** Visitors or sessions that took the steps one after the other: `step`, `n`, and the dimensions' values; those of all together have `all`. */
export function funnelSql(archive: string, asked: FunnelAsked): string {
  const { steps, by, breakdown, from, to } = asked;
  const who = by === 'visitor' ? 'hash(visitor)' : 'hash(log, partition, lane, visitor, session_id, session_began_at)';
  const dates = `date BETWEEN ${quoted(from)} AND ${quoted(to)}`;
  const dimensions = breakdown.map((name, i) => `"${name}" AS d${i}`);
  const happened = `happened AS MATERIALIZED (SELECT ${[`${who} AS who`, 'epoch_ms(timestamp) AS ms', `${PLACE} AS place`, 'name', ...USED.filter((column) => isUsed(column, asked)), ...dimensions].join(', ')}
    FROM (${archive}) WHERE ${dates} AND outcome <> 'duplicate' AND visitor IS NOT NULL AND name IN (${[...new Set(steps.map(({ name }) => quoted(name)))].join(', ')}))`;
  const tables = steps.map(
    (step, i) => `step_${i} AS (${i === 0 ? firstStep(step, asked) : nextStep(step, i, asked)})`,
  );
  const names = breakdown.map((_, i) => `d${i}`);
  // Of somebody whose steps have to follow within a time there may be several rows.
  const n = asked.windowMs === undefined ? 'count(*)' : 'count(DISTINCT who)';
  const counts = steps.map((_, i) =>
    names.length === 0
      ? `SELECT ${i} AS step, true AS "all", ${n} AS n FROM step_${i}`
      : `SELECT ${i} AS step, grouping(d0) = 1 AS "all", ${n} AS n, ${names.join(', ')} FROM step_${i} GROUP BY GROUPING SETS ((), (${names.join(', ')}))`,
  );
  return `WITH ${[happened, ...tables].join(', ')} ${counts.join(' UNION ALL ')}`;
}

const USED = ['items', ...BUILT_IN_NAMES, 'lane', 'currency', 'payment_type', 'search_term'] as const;

function isUsed(column: (typeof USED)[number], { steps }: FunnelAsked): boolean {
  return steps.some(({ where = {} }) => (column === 'items' ? where.item_id : where[column]) !== undefined);
}

const dimensionsOf = ({ breakdown }: FunnelAsked, write: (name: string) => string): string =>
  breakdown.map((_, i) => `, ${write(`d${i}`)} AS d${i}`).join('');

/** The earliest is enough, unless the others have to follow within a time: then any may be the one from which they do. */
function firstStep(step: Step, asked: FunnelAsked): string {
  const from = `FROM happened h WHERE ${isStep(step, 'h')}`;
  return asked.windowMs === undefined
    ? `SELECT who, min(ms) AS began, min(place) AS place${dimensionsOf(asked, (name) => `arg_min(${name}, place)`)} ${from} GROUP BY who`
    : `SELECT who, ms AS began, place${dimensionsOf(asked, (name) => name)} ${from}`;
}

function nextStep(step: Step, i: number, asked: FunnelAsked): string {
  const { windowMs } = asked;
  const within = windowMs === undefined ? '' : ` AND h.ms <= b.began + ${windowMs}`;
  const before = dimensionsOf(asked, (name) => `any_value(b.${name})`);
  return `SELECT b.who, b.began, min(h.place) AS place${before} FROM step_${i - 1} b JOIN happened h ON h.who = b.who
    WHERE ${isStep(step, 'h')} AND h.place > b.place${within} GROUP BY b.who, b.began`;
}

function isStep({ name, where = {} }: Step, of: string): string {
  const conditions = CONDITIONS.flatMap((column) => {
    const value = where[column];
    if (value === undefined) return [];
    if (column === 'item_id') return [`list_contains(list_transform(${of}.items, l -> l.item_id), ${quoted(value)})`];
    return [`${of}."${column}" = ${quoted(value)}`];
  });
  return [`${of}.name = ${quoted(name)}`, ...conditions].join(' AND ');
}
