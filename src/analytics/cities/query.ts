import { fromMinorUnits } from '../../events/money.ts';
import { VISIT_STAGE } from '../../events/stages.ts';
import { inCurrency } from '../../metrics/fields.ts';
import { ratio } from '../../metrics/query/params.ts';
import { type Period, windowsOf } from '../../metrics/query/period.ts';
import { byCity, topCities } from '../../metrics/query/totals.ts';
import type { QueryContext } from '../question.ts';
import { revenueCounts } from '../shared/sales.ts';
import { sessionCounts } from '../shared/sessions.ts';
import { cityDimension, stageUsersByCity } from '../shared/unique-users.ts';
import { cityScores } from './definition.ts';

interface CitiesQuery {
  readonly rank_by: 'engagement' | 'users' | 'sessions' | 'orders' | 'revenue' | 'conversion';
  readonly city?: string | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
}

interface Figures {
  readonly sessions: number;
  readonly events: number;
  readonly score: number;
  readonly orders: number;
  readonly revenue: number;
}

interface RankedCity {
  readonly rank: number;
  readonly city: string;
  readonly figures: Figures;
}

type UsersOf = (cities: readonly string[]) => Promise<Map<string, number>>;

/**
 * Ranks are those among all cities, also where only one is asked
 * for; compared, each row says where the city stood before.
 */
export async function queryCities(query: CitiesQuery, context: QueryContext) {
  const { period, comparedWith, storeCurrency } = context;
  const currency = query.currency ?? storeCurrency;
  const usersOf = countUsers(period, context);
  const ranked = await rank(query.rank_by, await figuresOf(currency, period, context), usersOf);
  const shown = ranked.filter(({ city }) => query.city === undefined || city === query.city).slice(0, query.limit);
  const users = await usersOf(shown.map(({ city }) => city));
  const before = comparedWith && (await ranksIn(query.rank_by, currency, comparedWith, context));
  return shown.map(({ rank, city, figures }) => ({
    rank,
    ...(before && { previous_rank: before.get(city) ?? null }),
    city,
    users: users.get(city) ?? 0,
    sessions: figures.sessions,
    events: figures.events,
    engagement_score: figures.score,
    orders: figures.orders,
    revenue: fromMinorUnits(figures.revenue, currency),
    conversion_rate: ratio(figures.orders, figures.sessions),
  }));
}

async function ranksIn(by: CitiesQuery['rank_by'], currency: string, period: Period, context: QueryContext) {
  const ranked = await rank(by, await figuresOf(currency, period, context), countUsers(period, context));
  return new Map(ranked.map(({ city, rank }) => [city, rank]));
}

async function figuresOf(currency: string, period: Period, { reader, calendar }: QueryContext) {
  const windows = windowsOf(period, calendar);
  const [visits, sales, scores] = await Promise.all(
    [sessionCounts, revenueCounts, cityScores].map(async (of) =>
      byCity(await reader.totals(of, windows), reader.pause),
    ),
  );
  // A session counts where it began, an event in its own city: a city may have the one without the other.
  const cities = new Set([...(visits?.keys() ?? []), ...(sales?.keys() ?? []), ...(scores?.keys() ?? [])]);
  const figures = new Map<string, Figures>();
  for (const city of cities) {
    const visit = visits?.get(city);
    const sale = sales?.get(city);
    figures.set(city, {
      sessions: visit?.get('sessions') ?? 0,
      events: visit?.get('events') ?? 0,
      score: scores?.get(city)?.get('score') ?? 0,
      orders: sale?.get('orders') ?? 0,
      revenue: sale?.get(inCurrency('revenue', currency)) ?? 0,
    });
  }
  return figures;
}

/** Counting users costs a HyperLogLog for each city: unless they decide the order, only those shown are asked for. */
function countUsers(period: Period, { reader, calendar }: QueryContext): UsersOf {
  const windows = windowsOf(period, calendar);
  return async (cities) => {
    const dimensions = cities.map((city) => cityDimension(VISIT_STAGE, city));
    const users = await reader.uniques(stageUsersByCity, { ...windows, dimensions });
    return new Map(cities.map((city, i) => [city, users[i] ?? 0]));
  };
}

async function rank(
  by: CitiesQuery['rank_by'],
  figures: ReadonlyMap<string, Figures>,
  usersOf: UsersOf,
): Promise<RankedCity[]> {
  const users = by === 'users' ? await usersOf([...figures.keys()]) : undefined;
  const withScores = new Map(
    [...figures].map(([city, of]) => [city, { of, score: users?.get(city) ?? scoreOf(by, of) }]),
  );
  return topCities(withScores, ({ score }) => score, withScores.size).map(([city, { of }], i) => ({
    rank: i + 1,
    city,
    figures: of,
  }));
}

function scoreOf(by: CitiesQuery['rank_by'], of: Figures): number {
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
