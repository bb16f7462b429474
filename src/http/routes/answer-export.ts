import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Question, Route } from '../../analytics/question.ts';
import { type Asked, answer, type ReadParts } from '../answer.ts';
import { csvOf, flatRows } from '../lists/csv-rows.ts';
import type { Row } from '../lists/row-pages.ts';
import { badRequest, notFound, refuseInvalid } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';
import { dimensionParams, period } from './questions.ts';

/** A file has so many rows; what has more is asked for in parts. */
const MOST_ROWS = 50_000;
const PAGE_ROWS = 1_000;
/** Each may have a thousand points. */
const ROWS_WITH_SERIES = 50;
/** Parts of an answer are not paged: values of a dimension have a cap. */
const MOST_PARTS = 1_000;
/** Parameters that make no sense in a file of all rows. */
const LEFT_OUT: ReadonlySet<string> = new Set(['limit', 'cursor', 'compare']);
/** Other names of answers. */
const ALIASES: Readonly<Record<string, string>> = { carts: 'abandonment-carts', frequencies: 'events-frequencies' };

/** An answer that can be exported. */
interface Exported {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const exportRoute = createRoute({
  method: 'get',
  path: '/v1/export/{file}',
  summary: 'An answer as CSV, with all rows, its dates and its currency: products.csv, revenue.csv, funnel.csv …',
  tags: ['explore'],
  security: [{ key: [] }],
  request: {
    params: z.object({
      file: z.string().openapi({
        description:
          'the path of an answer behind /v1/, with - for /, and .csv; the parameters are those of the answer',
        example: 'products.csv',
      }),
    }),
    query: z.looseObject({}),
  },
  responses: {
    200: {
      description: 'Rows under a header',
      content: { 'text/csv': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...problemResponses(400, 401, 403, 404, 503),
  },
});

/** Every question's answers, as files. */
export function answerExportRoutes(questions: readonly Question[], parts: ReadParts): OpenAPIHono {
  const answers = answersOf(questions, parts);
  const app = new OpenAPIHono();
  app.openapi(exportRoute, async (context) => {
    const { file } = context.req.valid('param');
    // What a key may see is told by the path as it was sent.
    const name = context.req.path === `/v1/export/${file}` ? /^([a-z0-9_-]+)\.csv$/.exec(file)?.[1] : undefined;
    const found = name === undefined ? undefined : answers.get(ALIASES[name] ?? name);
    if (found === undefined)
      throw notFound(`There is no such file; there are ${[...answers.keys()].join('.csv, ')}.csv`);
    const asked = askedOf(found.route, context.req.queries(), parts);
    const { rows, from, to } = await allRows(found, asked, parts);
    const csv = csvOf(rows, { from, to, ...besideOf(found.route, asked, parts) });
    return context.body(csv, 200, {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}-${from.slice(0, 10)}-${to.slice(0, 10)}.csv"`,
    });
  });
  return app;
}

/** Those whose path says all: of lists of one user or item there are no files. */
function answersOf(questions: readonly Question[], { dimensions }: ReadParts): ReadonlyMap<string, Exported> {
  const answers = new Map<string, Exported>();
  for (const route of questions.flatMap(({ routes }) => routes)) {
    const name = route.path.slice('/v1/'.length).replaceAll('/', '-');
    if (route.stream !== undefined) continue;
    if (route.params === undefined) answers.set(name, { route, params: {} });
    else if (route.path === '/v1/breakdowns/{dimension}')
      for (const { name: dimension } of dimensions)
        answers.set(`breakdowns-${dimension}`, { route, params: { dimension } });
  }
  return answers;
}

/** @throws HttpProblem */
function askedOf(route: Route, queries: Record<string, string[]>, { dimensions }: ReadParts): Asked {
  const own = Object.fromEntries(Object.entries(route.query.shape).filter(([name]) => !LEFT_OUT.has(name)));
  const parsed = queryOf({ ...period, ...own, ...dimensionParams(route, dimensions) }).safeParse(queries);
  refuseInvalid(parsed);
  return parsed.data ?? {};
}

/** All rows of an answer, page by page. @throws HttpProblem where there are too many */
async function allRows({ route, params }: Exported, asked: Asked, parts: ReadParts) {
  const rows: Row[] = [];
  const isList = route.pagedBy !== undefined || 'cursor' in route.query.shape;
  // Lists that are put in order whenever they are asked for are read at once.
  const pageRows = asked['interval'] === undefined ? PAGE_ROWS : ROWS_WITH_SERIES;
  const limit = route.pagedBy !== undefined ? MOST_ROWS : isList ? pageRows : MOST_PARTS;
  const sized = 'limit' in route.query.shape ? { ...asked, limit } : asked;
  let cursor: string | undefined;
  for (;;) {
    const { data, meta } = await answer(route, { ...sized, ...(cursor !== undefined && { cursor }) }, params, parts);
    rows.push(...flatRows(data));
    cursor = meta.next_cursor;
    const isTooLong = rows.length > MOST_ROWS || (cursor !== undefined && route.pagedBy !== undefined);
    if (isTooLong) throw badRequest(`A file has at most ${MOST_ROWS} rows; ask for a shorter period`);
    if (cursor === undefined) return { rows, from: meta.from, to: meta.to };
  }
}

/** What holds for each row: the one value that was asked for, and the currency of the amounts. */
function besideOf({ query }: Route, asked: Asked, { dimensions, storeCurrency }: ReadParts): Row {
  const filters = dimensions.flatMap(({ name }) => (asked[name] === undefined ? [] : [[name, asked[name]]]));
  const currency = 'currency' in query.shape && { currency: asked['currency'] ?? storeCurrency };
  return { ...Object.fromEntries(filters), ...currency };
}
