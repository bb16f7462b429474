import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import type { Spool } from '../../imports/spool.ts';
import { parsePeriod, wholeDays } from '../../metrics/query/period.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { TooManyCounted } from '../../reconcile/counted-orders.ts';
import { BadLedger, TooManyOrders, textOf } from '../../reconcile/ledger.ts';
import { EmptyLedger, type ReconciledDates, type Reconciler } from '../../reconcile/reconciler.ts';
import {
  differentOrder,
  type Reconciliation,
  type ReconciliationStore,
  reconciliation,
} from '../../reconcile/reconciliation.ts';
import type { ReadParts } from '../answer.ts';
import { mediaType } from '../body.ts';
import { nameOf, openCursor, sealCursor } from '../lists/cursors.ts';
import { answered, listPage, pageQuery } from '../lists/list-page.ts';
import { inStoreTime, metaOfNow } from '../meta.ts';
import { badRequest, HttpProblem, notFound, tooLarge, unsupported } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';
import { withSentFile } from '../sending/sent-file.ts';

const NOTHING = 'Nothing was compared';

export interface ReconciliationParts {
  readonly reconciler: Pick<Reconciler, 'reconcile'>;
  readonly reconciliations: ReconciliationStore;
  readonly spool: Pick<Spool, 'write' | 'remove'>;
}

const madeSchema = z.object(reconciliation.shape).openapi('Reconciliation');
const withRows = z.object({ ...reconciliation.shape, rows: z.array(differentOrder) }).openapi('ReconciledOrders');
const common = { tags: ['explore'], security: [{ key: [] }] };

const asCsv = createMiddleware((context, next) => {
  if (mediaType(context) !== 'text/csv') throw unsupported('Use Content-Type text/csv');
  return next();
});

const makeRoute = createRoute({
  method: 'post',
  path: '/v1/reconciliations',
  summary:
    'Compare the shop’s own orders, as CSV, with those that were counted: Shopify’s export, or order_id,created_at,total,currency',
  ...common,
  middleware: asCsv,
  request: {
    query: queryOf({
      from: z
        .string()
        .optional()
        .openapi({ description: 'date; that of the file’s first order where absent', example: '2026-11-01' }),
      to: z.string().optional().openapi({
        description: 'date, which is included; that of the last order where absent',
        example: '2026-11-20',
      }),
    }),
    body: { content: { 'text/csv': { schema: z.string() } } },
  },
  responses: {
    200: { description: 'What differs, by day, channel and reporter', content: answered(madeSchema) },
    ...problemResponses(400, 401, 403, 404, 413, 415, 429, 503),
  },
});

const listRoute = createRoute({
  method: 'get',
  path: '/v1/reconciliations',
  summary: 'Reconciliations, newest first',
  ...common,
  request: { query: pageQuery },
  responses: {
    200: { description: 'Reconciliations', content: answered(z.array(madeSchema)) },
    ...problemResponses(400, 401, 403, 503),
  },
});

const findRoute = createRoute({
  method: 'get',
  path: '/v1/reconciliations/{id}',
  summary: 'One reconciliation, and the orders that differ, with why where it can be told',
  ...common,
  request: { params: z.object({ id: z.string().min(1).max(64) }), query: pageQuery },
  responses: {
    200: { description: 'The reconciliation, and a page of its orders', content: answered(withRows) },
    ...problemResponses(400, 401, 403, 404, 503),
  },
});

export function reconciliationRoutes(parts: ReconciliationParts, read: ReadParts): OpenAPIHono {
  const { reconciler, reconciliations, spool } = parts;
  const app = new OpenAPIHono();
  const shown = (made: Reconciliation): Reconciliation => ({ ...made, made_at: inStoreTime(read, made.made_at) });
  let isBusy = false;
  app.openapi(makeRoute, async (context) => {
    const asked = context.req.valid('query');
    if (isBusy) throw busy();
    isBusy = true;
    try {
      const period = (dates: ReconciledDates) => periodOf(asked, dates, read);
      const { signal } = context.req.raw;
      const compare = (path: string) => reconciler.reconcile(path, period, signal);
      const made = await withSentFile(context, spool, compare, NOTHING);
      const { from, to } = made;
      const meta = { ...(await metaOfNow(read)), from, to, source: 'archive' as const };
      return context.json({ data: shown(made), meta }, 200);
    } catch (error) {
      throw toProblem(error);
    } finally {
      isBusy = false;
    }
  });
  app.openapi(listRoute, async (context) => {
    const rows = async (limit: number) => (await reconciliations.list(limit)).map(shown);
    const page = await listPage('/v1/reconciliations', context.req.valid('query'), read, rows, ({ id }) => id);
    return context.json(page, 200);
  });
  app.openapi(findRoute, async (context) => {
    const { id } = context.req.valid('param');
    const { limit, cursor } = context.req.valid('query');
    const list = nameOf(`/v1/reconciliations/${id}`, {});
    const skipped = cursor === undefined ? 0 : offsetOf(openCursor(list, cursor).end);
    const made = await reconciliations.find(id);
    if (made === undefined) throw notFound('There is no such reconciliation; the newest twenty are kept');
    const rows = await reconciliations.rows(id, skipped, limit);
    const { from, to } = made;
    const end = skipped + rows.length;
    const next = end < made.listed && { next_cursor: sealCursor(list, { from, to, end: String(end) }) };
    const meta = { ...(await metaOfNow(read)), from, to, source: 'archive' as const, ...next };
    return context.json({ data: { ...shown(made), rows }, meta }, 200);
  });
  return app;
}

/** The dates that are asked for, or else those of the file. @throws QueryProblem */
function periodOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  file: ReconciledDates,
  { calendar, hourlyDays, now }: ReadParts,
): ReconciledDates {
  const dates = { from: asked.from ?? file.from, to: asked.to ?? file.to };
  const period = parsePeriod(dates, { calendar, hourlyDays, nowMs: now(), grain: 'hour' });
  wholeDays(period);
  return { from: period.from, to: period.to };
}

/** @throws QueryProblem */
function offsetOf(end: string): number {
  if (/^\d{1,6}$/.test(end)) return Number(end);
  throw new QueryProblem('cursor', 'is none that an answer gave');
}

const busy = (): HttpProblem =>
  new HttpProblem({
    code: 'busy',
    detail: 'Another file is being compared; send this one when it is done',
    retryAfterSeconds: 10,
  });

function toProblem(error: unknown): unknown {
  if (error instanceof BadLedger) {
    const errors = error.problems.map((one) => ({ path: `line ${one.line}`, message: textOf(one) }));
    return badRequest(`${NOTHING}: ${error.message}`, errors);
  }
  if (error instanceof TooManyOrders) return tooLarge(error.message);
  if (error instanceof EmptyLedger) return badRequest(`${NOTHING}: ${error.message}`);
  if (error instanceof TooManyCounted) return badRequest(`to: ${error.message}`);
  return error;
}
