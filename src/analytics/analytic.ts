import type { z } from '@hono/zod-openapi';
import type { CartLists } from './cart-lists.ts';
import type { Fact } from './facts.ts';
import type { Family } from './families.ts';
import type { Funnel } from './funnel-definitions.ts';
import type { Period } from './period.ts';
import type { Reader } from './reader.ts';
import type { Calendar } from './windows.ts';
import type { Writes } from './writes.ts';

/** What every question is answered with. */
export interface QueryContext {
  readonly reader: Reader;
  readonly carts: CartLists;
  readonly calendar: Calendar;
  readonly storeCurrency: string;
  readonly funnels: readonly Funnel[];
  readonly hourlyDays: number;
  readonly nowMs: number;
  readonly period: Period;
  /** The period before, where the answer is to be compared with it. */
  readonly comparedWith?: Period | undefined;
}

/** There is no such thing; becomes a 404. */
export class Unknown extends Error {
  readonly code = 'unknown';
  readonly retryable = false;
}

export interface Answer<T> {
  readonly data: T;
  /** Fields that come from HyperLogLogs. */
  readonly approximate?: readonly string[];
  /** Where there is more than one page. */
  readonly nextCursor?: string;
}

/** One GET of a slice. The schemas validate, and the OpenAPI document is made from them. */
export interface Route<Q extends z.ZodObject = z.ZodObject, D extends z.ZodType = z.ZodType> {
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  /** Parameters beside `from` and `to`, which every question takes. */
  readonly query: Q;
  readonly data: D;
  /** The finest moment at which a period may begin and end; whole local hours unless it says otherwise. */
  readonly grain?: '15m' | 'hour';
  answer(
    query: z.infer<Q> & { readonly params: Readonly<Record<string, string>> },
    context: QueryContext,
  ): Promise<Answer<z.infer<D>>>;
}

/** Keeps a route's own types while it is written, and hands out the general one. */
export function route<Q extends z.ZodObject, D extends z.ZodType>(definition: Route<Q, D>): Route {
  return definition;
}

/** One question, whole: where it is kept, how it is counted, how it is asked. */
export interface Analytic {
  readonly name: string;
  /** Its own; what several questions read is in `shared.ts`. */
  readonly families: readonly Family[];
  readonly fold?: (fact: Fact, writes: Writes) => void;
  readonly routes: readonly Route[];
}
