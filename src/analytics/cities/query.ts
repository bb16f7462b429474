import { fromMinorUnits } from '../../events/money.ts';
import { VISIT_STAGE } from '../../events/names.ts';
import type { QueryContext } from '../analytic.ts';
import { cityDimension, stageUsersByCity } from '../audience.ts';
import { inCurrency } from '../fields.ts';
import { ratio } from '../params.ts';
import { windowsOf } from '../period.ts';
import type { Counts } from '../reader.ts';
import { addUp, byCity, topCities } from '../totals.ts';
import { cityCounts } from './keys.ts';

export interface CitiesQuery {
  readonly rank_by: 'engagement' | 'users' | 'sessions' | 'orders' | 'revenue' | 'conversion';
  readonly city?: string | undefined;
  readonly currency?: string | undefined;
  readonly limit: number;
}

export async function askCities(query: CitiesQuery, { reader, calendar, period, storeCurrency }: QueryContext) {
  const currency = query.currency ?? storeCurrency;
  const windows = windowsOf(period, calendar);
  const counts = byCity(addUp(await reader.counters(cityCounts, windows)));
  const names = [...counts.keys()];
  const usersOf = async (cities: readonly string[]): Promise<Map<string, number>> => {
    const dimensions = cities.map((city) => cityDimension(VISIT_STAGE, city));
    const users = await reader.uniques(stageUsersByCity, { ...windows, dimensions });
    return new Map(cities.map((city, i) => [city, users[i] ?? 0]));
  };
  // Counting users costs a HyperLogLog for each city, so unless they decide the order only those shown are asked for.
  const allUsers = query.rank_by === 'users' ? await usersOf(names) : undefined;
  const scores = scoresOf(query.rank_by, counts, currency, allUsers);
  // Ranks are those among all cities, also where only one is asked for.
  const ranked = topCities(counts, (of) => scores.get(of) ?? 0, names.length).map(([city, of], i) => ({
    rank: i + 1,
    city,
    of,
  }));
  const shown = ranked.filter(({ city }) => query.city === undefined || city === query.city).slice(0, query.limit);
  const users = allUsers ?? (await usersOf(shown.map(({ city }) => city)));
  return shown.map(({ rank, city, of }) => {
    const sessions = of.get('sessions') ?? 0;
    const orders = of.get('orders') ?? 0;
    return {
      rank,
      city,
      users: users.get(city) ?? 0,
      sessions,
      events: of.get('events') ?? 0,
      engagement_score: of.get('score') ?? 0,
      orders,
      revenue: fromMinorUnits(of.get(inCurrency('revenue', currency)) ?? 0, currency),
      conversion_rate: ratio(orders, sessions),
    };
  });
}

function scoresOf(
  rankBy: CitiesQuery['rank_by'],
  cities: ReadonlyMap<string, Counts>,
  currency: string,
  users: ReadonlyMap<string, number> | undefined,
): Map<Counts, number> {
  const scores = new Map<Counts, number>();
  for (const [city, of] of cities) {
    const metric = (name: string): number => of.get(name) ?? 0;
    const score = {
      engagement: () => metric('score'),
      users: () => users?.get(city) ?? 0,
      sessions: () => metric('sessions'),
      orders: () => metric('orders'),
      revenue: () => metric(inCurrency('revenue', currency)),
      conversion: () => ratio(metric('orders'), metric('sessions')) ?? 0,
    }[rankBy];
    scores.set(of, score());
  }
  return scores;
}
