import type { z } from '@hono/zod-openapi';
import type { Definition } from '../metrics/definition.ts';
import type { Dimension } from '../metrics/dimension.ts';
import type { Period } from '../metrics/query/period.ts';
import type { Filter } from '../metrics/query/selection.ts';
import type { Reader } from '../metrics/reader.ts';
import type { Calendar } from '../time/calendar.ts';
import type { CartLists } from './abandoned-carts/cart-lists.ts';
import type { Funnel } from './funnel/funnel.ts';

/** What every question is answered with. */
export interface QueryContext {
  readonly reader: Reader;
  readonly carts: CartLists;
  readonly calendar: Calendar;
  readonly storeCurrency: string;
  readonly funnels: readonly Funnel[];
  /** By which there are answers. */
  readonly dimensions: readonly Dimension[];
  /** The one value that is asked about, where the route takes it. */
  readonly filter?: Filter | undefined;
  /** The dimension that is to be broken down by, where the route takes it. */
  readonly breakdown?: string | undefined;
  readonly hourlyDays: number;
  readonly dailyDays: number;
  readonly nowMs: number;
  readonly period: Period;
  /** The period before, where the answer is to be compared with it. */
  readonly comparedWith?: Period | undefined;
}

interface Answer<T> {
  readonly data: T;
  /** Fields that are estimates: from HyperLogLogs and histograms. */
  readonly approximate?: readonly string[];
  /** Where there is more than one page. */
  readonly nextCursor?: string;
}

/** A route that is answered again and again, in server-sent events of this name. */
export interface EventStream {
  readonly event: string;
  readonly everyMs: number;
}

/** One GET of a question. The schemas validate and give their types, and the OpenAPI document is made from them. */
export interface Route<
  Q extends z.ZodObject = z.ZodObject,
  D extends z.ZodType = z.ZodType,
  P extends z.ZodObject = z.ZodObject,
> {
  readonly path: string;
  readonly summary: string;
  /** Takes `<dimension>=<value>`; a breakdown by a dimension. */
  readonly by?: readonly ('filter' | 'breakdown')[];
  /** Where only values of these dimensions can be asked about. */
  readonly filters?: readonly string[];
  /** Parts of the path. */
  readonly params?: P;
  /** Parameters beside `from` and `to`, which every question takes. */
  readonly query: Q;
  readonly data: D;
  /** The finest moment at which a period may begin and end; whole local hours unless it says otherwise. */
  readonly grain?: '15m' | 'hour';
  /**
   * Fields that together name a row of a list that is put in order whenever it is asked for: it is paged outside, by asking for more
   * rows. The field may be what a part of the path says.
   */
  readonly pagedBy?: readonly string[] | { readonly part: string };
  /** What is answered about where no `from` is given: today, or all that is kept. */
  readonly withoutFrom?: 'today' | 'everything';
  /** Where it is there, the route takes no parameters, and `data` is what each event holds. */
  readonly stream?: EventStream;
  answer(query: z.infer<Q>, context: QueryContext, params: z.infer<P>): Promise<Answer<z.infer<D>>>;
}

/** Keeps a route's own types while it is written, and hands out the general one. */
export function route<Q extends z.ZodObject, D extends z.ZodType, P extends z.ZodObject>(
  definition: Route<Q, D, P>,
): Route {
  return definition;
}

/**
 * One question, whole: what is kept and how it is counted, and
 * how it is asked. Registered by a line in `questions.ts`.
 */
export interface Question {
  readonly name: string;
  /** Its own, and those of `shared/` that it reads. */
  readonly definitions: readonly Definition[];
  readonly routes: readonly Route[];
}
