import { fromMinorUnits } from '../../events/money.ts';
import { VISIT_STAGE } from '../../events/stages.ts';
import { byDimension, inCurrency } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Period, windowsOf } from '../../metrics/query/period.ts';
import { byValueOf, rowOf, topValues } from '../../metrics/query/selection.ts';
import type { QueryContext } from '../question.ts';
import { revenueCounts } from '../shared/sales.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { usersByValue } from '../shared/user-numbers.ts';
import { valueScores } from './definition.ts';

export interface BreakdownQuery {
  readonly rank_by: 'engagement' | 'users' | 'sessions' | 'orders' | 'revenue' | 'conversion';
  readonly currency?: string | undefined;
  readonly limit: number;
}

interface Figures {
  readonly sessions: number;
  readonly purchasing: number;
  readonly events: number;
  readonly score: number;
  readonly orders: number;
  readonly revenue: number;
}

interface RankedValue {
  readonly rank: number;
  readonly value: string;
  readonly figures: Figures;
}

type UsersOf = (values: readonly string[]) => Promise<Map<string, number>>;

/**
 * Ranks are those among all values of the dimension, also where only one is asked
 * for; compared, each row says where the value stood before.
 */
export async function queryBreakdown(dimension: string, query: BreakdownQuery, context: QueryContext) {
  const { period, comparedWith, storeCurrency, filter } = context;
  const asked = { dimension, by: query.rank_by, currency: query.currency ?? storeCurrency };
  const usersIn = countUsers(dimension, period, context);
  const ranked = await rank(asked.by, await figuresOf(asked, period, context), usersIn);
  const shown = ranked.filter(({ value }) => filter === undefined || value === filter.value).slice(0, query.limit);
  const users = await usersIn(shown.map(({ value }) => value));
  const before = comparedWith && (await rankedIn(asked, comparedWith, context));
  return shown.map(({ rank, value, figures }) =>
    rowOf(dimension, value, {
      rank,
      ...(before && beforeOf(before.get(value), asked)),
      users: users.get(value) ?? 0,
      ...shownOf(figures, asked),
    }),
  );
}

const shownOf = (figures: Figures, { currency }: Asked) => ({
  sessions: figures.sessions,
  events: figures.events,
  engagement_score: figures.score,
  orders: figures.orders,
  revenue: fromMinorUnits(figures.revenue, currency),
  conversion_rate: ratio(figures.orders, figures.sessions),
  purchasing_sessions: figures.purchasing,
  session_conversion_rate: ratio(figures.purchasing, figures.sessions),
});

const NOTHING: Figures = { sessions: 0, purchasing: 0, events: 0, score: 0, orders: 0, revenue: 0 };

/** Where a value stood in the other period, and with what; not with its users, which would have to be counted. */
function beforeOf(was: RankedValue | undefined, asked: Asked) {
  return { previous_rank: was?.rank ?? null, previous: shownOf(was?.figures ?? NOTHING, asked) };
}

interface Asked {
  readonly dimension: string;
  readonly by: BreakdownQuery['rank_by'];
  readonly currency: string;
}

async function rankedIn(asked: Asked, period: Period, context: QueryContext) {
  const usersIn = countUsers(asked.dimension, period, context);
  const ranked = await rank(asked.by, await figuresOf(asked, period, context), usersIn);
  return new Map(ranked.map((row) => [row.value, row]));
}

async function figuresOf({ dimension, currency }: Asked, period: Period, { reader, calendar }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const [visits, sales, scores] = await Promise.all(
    [sessionCounts, revenueCounts, valueScores].map(async (of) =>
      byValueOf(await reader.totals(of, windows, undefined, byDimension('', dimension)), reader.pause),
    ),
  );
  // A session counts where it began, an event in its own hour: a value may have the one without the other.
  const values = new Set([...(visits?.keys() ?? []), ...(sales?.keys() ?? []), ...(scores?.keys() ?? [])]);
  const figures = new Map<string, Figures>();
  for (const value of values) {
    const visit = visits?.get(value);
    const sale = sales?.get(value);
    figures.set(value, {
      sessions: visit?.get('sessions') ?? 0,
      purchasing: visit?.get('purchasing') ?? 0,
      events: visit?.get('events') ?? 0,
      score: scores?.get(value)?.get('score') ?? 0,
      orders: sale?.get('orders') ?? 0,
      revenue: sale?.get(inCurrency('revenue', currency)) ?? 0,
    });
  }
  return figures;
}

/** Over several days, users cost a HyperLogLog for each value: unless they decide the order, only those shown are asked for. */
function countUsers(dimension: string, period: Period, { reader, calendar }: QueryContext): UsersOf {
  const windows = windowsOf(period, calendar);
  return async (values) => {
    const users = await usersByValue(reader, windows, [VISIT_STAGE], dimension, values);
    return new Map(values.map((value, i) => [value, users[i]?.[0] ?? 0]));
  };
}

async function rank(
  by: BreakdownQuery['rank_by'],
  figures: ReadonlyMap<string, Figures>,
  usersIn: UsersOf,
): Promise<RankedValue[]> {
  const users = by === 'users' ? await usersIn([...figures.keys()]) : undefined;
  const withScores = new Map(
    [...figures].map(([value, of]) => [value, { of, score: users?.get(value) ?? scoreOf(by, of) }]),
  );
  return topValues(withScores, ({ score }) => score, withScores.size).map(([value, { of }], i) => ({
    rank: i + 1,
    value,
    figures: of,
  }));
}

function scoreOf(by: BreakdownQuery['rank_by'], of: Figures): number {
  switch (by) {
    case 'sessions':
      return of.sessions;
    case 'orders':
      return of.orders;
    case 'revenue':
      return of.revenue;
    case 'conversion':
      return ratio(of.orders, of.sessions) ?? 0;
    default:
      return of.score;
  }
}
