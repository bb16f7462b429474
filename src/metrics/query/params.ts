import { z } from '@hono/zod-openapi';
import { isStoredCurrency } from '../../events/money.ts';
import { idSchema } from '../../events/schema.ts';

/** Parameters and answer parts that several questions share. */
export const cityParam = { city: idSchema.optional().openapi({ description: 'only this city' }) };

export const limitParam = {
  limit: z.coerce.number().int().min(1).max(1_000).default(10).openapi({ description: 'at most this many rows' }),
};

export const currencyParam = {
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code such as EUR', abort: true })
    .refine(isStoredCurrency, 'is not a currency of ISO 4217')
    .optional()
    .openapi({ description: "selects money; the store's currency where absent" }),
};

export const breakdownParam = { breakdown: z.enum(['city']).optional() };

export const compareParam = {
  compare: z.enum(['previous']).optional().openapi({ description: 'adds `previous`: the same for the period before' }),
};

export const intervalParam = { interval: z.enum(['hour', 'day']).optional().openapi({ description: 'adds a series' }) };

/** A point of a series: its local start and the same fields. */
export function seriesSchema<T extends z.ZodRawShape>(shape: T) {
  return z.array(z.object({ start: z.string(), ...shape })).optional();
}

export function breakdownSchema<T extends z.ZodRawShape>(shape: T) {
  return z.array(z.object({ city: z.string(), ...shape })).optional();
}

/** A ratio, or null where the divisor is 0. */
export function ratio(dividend: number, divisor: number): number | null {
  return divisor === 0 ? null : dividend / divisor;
}

export const rate = z.number().nullable();
export const count = z.int();
/** What is sold by weight or length has decimals. */
export const units = z.number().openapi({ description: 'has at most three decimals' });
