import { z } from '@hono/zod-openapi';
import { isStoredCurrency } from '../../events/money.ts';
import type { BuiltInName } from '../dimension.ts';
import { COMPARISONS } from './compared.ts';
import { because } from './reason.ts';

/** Parameters and answer parts that several questions share. */
export const limitParam = {
  limit: z.coerce.number().int().min(1).max(1_000).default(10).openapi({ description: 'at most this many rows' }),
};

export const currencyParam = {
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true })
    .refine(isStoredCurrency, { error: 'is not a currency of ISO 4217', params: because('unknown-currency') })
    .optional()
    .openapi({ description: "selects money; the store's currency where absent" }),
};

export const compareParam = {
  compare: z.enum(COMPARISONS).optional().openapi({
    description:
      'adds `previous`: the same for the period before, for one day, seven days or a year earlier; as far as this one is over',
  }),
};

export const intervalParam = { interval: z.enum(['hour', 'day']).optional().openapi({ description: 'adds a series' }) };

const value = z.string().optional();
/** Under which a row names its value; own dimensions have names of their own. */
export const valueNames = {
  city: value,
  country: value,
  device: value,
  channel: value,
  source: value,
  campaign: value,
  customer: value,
  store: value,
} satisfies Record<BuiltInName, typeof value>;

/** Rows of a breakdown, each with its value under the name of the dimension; those of own dimensions are beyond this schema. */
export function breakdownSchema<T extends z.ZodRawShape>(shape: T) {
  return z.array(z.looseObject({ ...valueNames, ...shape })).optional();
}

/** A ratio, or null where the divisor is 0. */
export function ratio(dividend: number, divisor: number): number | null {
  return divisor === 0 ? null : dividend / divisor;
}

export const rate = z.number().nullable();
export const count = z.int();
/** What is sold by weight or length has decimals. */
export const units = z.number().openapi({ description: 'has at most three decimals' });
