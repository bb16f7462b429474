import { z } from '@hono/zod-openapi';
import { boughtTogetherSql } from '../../archive/explore/bought-together.ts';
import { lifetimeSql, segmentsSql } from '../../archive/explore/customers.ts';
import { retentionSql } from '../../archive/explore/retention.ts';
import { fromMinorUnits } from '../../events/money.ts';
import { idSchema } from '../../events/schema.ts';
import { BUILT_IN_NAMES } from '../../metrics/dimension.ts';
import { count, currencyParam, limitParam, rate, ratio } from '../../metrics/query/params.ts';
import { type ExploreRoute, exploreRoute } from './explore-routes.ts';
import { exploreFunnel } from './funnel.ts';

const retention = exploreRoute({
  path: '/v1/explore/retention',
  summary: 'Visitors by their first visit or order, and how many of them came again',
  query: z.object({
    cohort: z
      .enum(['visit', 'order'])
      .default('visit')
      .openapi({ description: 'what begins a cohort, and what counts as coming again', example: 'order' }),
    interval: z
      .enum(['day', 'week', 'month'])
      .default('week')
      .openapi({ description: 'how long each step is', example: 'month' }),
  }),
  data: z.array(
    z.object({
      cohort: z.string().openapi({ description: 'the first date of its day, week or month' }),
      size: count,
      returned: z
        .array(count)
        .openapi({ description: 'how many came in each day, week or month, the first one included' }),
    }),
  ),
  async answer({ cohort, interval }, { ask, period }) {
    // First means first in all of the archive.
    const rows = await ask({ to: period.to }, (table) => retentionSql(table, { cohort, interval, ...period }));
    const cohorts = new Map<string, number[]>();
    for (const row of rows) {
      const returned = cohorts.get(String(row['cohort'])) ?? [];
      const later = Number(row['later']);
      while (returned.length < later) returned.push(0);
      returned[later] = Number(row['n']);
      cohorts.set(String(row['cohort']), returned);
    }
    return [...cohorts].map(([name, returned]) => ({ cohort: name, size: returned[0] ?? 0, returned }));
  },
});

const money = { customers: count, orders: count, revenue: z.number() };

const customers = exploreRoute({
  path: '/v1/explore/customers',
  summary: 'Customers by recency, frequency and money, and what they came to by where their first order came from',
  query: z.object({
    ...currencyParam,
    ...limitParam,
    first: z
      .enum(BUILT_IN_NAMES)
      .default('city')
      .openapi({ description: 'what customers are cut by: of their first order', example: 'city' }),
  }),
  data: z.object({
    currency: z.string(),
    ...money,
    segments: z
      .array(z.object({ recency: count, frequency: count, money: count, ...money }))
      .openapi({ description: 'customers in fifths each way; 5 is the best' }),
    lifetime: z.array(
      z.object({ value: z.string().nullable(), ...money, revenue_per_customer: rate, returning_rate: rate }),
    ),
  }),
  async answer({ currency: asked, limit, first }, { ask, period, parts: { storeCurrency } }) {
    const currency = asked ?? storeCurrency;
    const about = { currency, first, ...period };
    const segments = await ask(period, (table) => segmentsSql(table, about));
    const lifetime = await ask(period, (table) => lifetimeSql(table, about, limit));
    const sums = (row: Readonly<Record<string, unknown>>) => ({
      customers: Number(row['customers']),
      orders: Number(row['orders']),
      revenue: fromMinorUnits(Number(row['revenue']), currency),
    });
    const total = (name: string): number => segments.reduce((sum, row) => sum + Number(row[name]), 0);
    return {
      currency,
      ...sums({ customers: total('customers'), orders: total('orders'), revenue: total('revenue') }),
      segments: segments.map((row) => ({
        recency: Number(row['r']),
        frequency: Number(row['f']),
        money: Number(row['m']),
        ...sums(row),
      })),
      lifetime: lifetime.map((row) => {
        const of = sums(row);
        return {
          value: row['value'] === null ? null : String(row['value']),
          ...of,
          revenue_per_customer: ratio(of.revenue, of.customers),
          returning_rate: ratio(Number(row['returning']), of.customers),
        };
      }),
    };
  },
});

const boughtTogether = exploreRoute({
  path: '/v1/products/{item_id}/bought-together',
  summary: 'Items that were bought in the same orders',
  params: z.object({ item_id: idSchema }),
  query: z.object(limitParam),
  data: z.array(
    z.object({
      item_id: z.string(),
      item_name: z.string().nullable(),
      orders: count.openapi({ description: 'orders with both' }),
      share: rate.openapi({ description: 'of the orders with the item that is asked about' }),
      lift: rate.openapi({ description: 'how many times as often as if they had nothing to do with each other' }),
    }),
  ),
  async answer({ limit }, { ask, period }, { item_id: itemId }) {
    const rows = await ask(period, (table) => boughtTogetherSql(table, { itemId, limit, ...period }));
    return rows.map((row) => {
      const [together, orders, of, all] = ['together', 'orders', 'of', 'all'].map((name) => Number(row[name]));
      return {
        item_id: String(row['item_id']),
        item_name: row['item_name'] === null ? null : String(row['item_name']),
        orders: together ?? 0,
        share: ratio(together ?? 0, of ?? 0),
        lift: ratio((together ?? 0) * (all ?? 0), (of ?? 0) * (orders ?? 0)),
      };
    });
  },
});

/** Every question that the archive answers. */
export const exploreQuestions: readonly ExploreRoute[] = [exploreFunnel, retention, customers, boughtTogether];
