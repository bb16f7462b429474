import { z } from '@hono/zod-openapi';
import { CONDITIONS, FUNNEL_DIMENSIONS, funnelSql, type Step } from '../../archive/explore/funnel.ts';
import { NAME } from '../../events/schema.ts';
import { count, rate, ratio } from '../../metrics/query/params.ts';
import { QueryProblem } from '../../metrics/query/problems.ts';
import { because, type Reason } from '../../metrics/query/reason.ts';
import { reasonOf } from '../reason-of.ts';
import { exploreRoute } from './explore-routes.ts';

const MOST_STEPS = 8;
const MOST_ROWS = 100;
const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const durationMs = z
  .string()
  .regex(/^[1-9]\d{0,6}[mhd]$/, 'must be a number with m, h or d, such as 24h')
  .transform((text) => Number.parseInt(text, 10) * (UNITS_MS[text.slice(-1)] ?? 1));

const stepSchema = z.strictObject({
  name: z.string().regex(NAME, 'must be the name of an event'),
  where: z.partialRecord(z.enum(CONDITIONS), z.string()).optional(),
});
const stepsSchema = z.array(stepSchema).min(1).max(MOST_STEPS);

const stepAnswer = z.object({ step: z.string(), count, rate_of_first: rate, rate_of_previous: rate });

export const exploreFunnel = exploreRoute({
  path: '/v1/explore/funnel',
  summary: 'A funnel of any steps, with conditions and a window, by visitor or session, cut by up to two dimensions',
  query: z.object({
    steps: z.string().openapi({
      description: `names of events, comma-separated; or a JSON list with conditions on ${CONDITIONS.join(', ')}`,
      example: '[{"name":"view_item","where":{"item_id":"mug"}},{"name":"purchase"}]',
    }),
    by: z
      .enum(['visitor', 'session'])
      .default('visitor')
      .openapi({ description: 'whose steps they are', example: 'session' }),
    window: durationMs
      .optional()
      .openapi({ type: 'string', description: 'from the first step to the last', example: '24h' }),
    breakdown: z
      .string()
      .optional()
      .openapi({
        description: `at most two of ${FUNNEL_DIMENSIONS.join(', ')}, comma-separated: those of the first step`,
        example: 'city',
      }),
  }),
  data: z.object({
    steps: z.array(stepAnswer),
    breakdown: z
      .array(z.object({ values: z.record(z.string(), z.string().nullable()), steps: z.array(stepAnswer) }))
      .optional(),
  }),
  async answer({ steps: text, by, window: windowMs, breakdown: cut }, { ask, period }) {
    const steps = parseSteps(text);
    const breakdown = parseBreakdown(cut);
    const rows = await ask(period, (table) => funnelSql(table, { steps, by, windowMs, breakdown, ...period }));
    const groups = new Map<string, number[]>();
    for (const row of rows) {
      const key = row['all'] === true ? '' : JSON.stringify(breakdown.map((_, i) => row[`d${i}`] ?? null));
      const counts = groups.get(key) ?? steps.map(() => 0);
      counts[Number(row['step'])] = Number(row['n']);
      groups.set(key, counts);
    }
    const all = toSteps(steps, groups.get('') ?? steps.map(() => 0));
    if (breakdown.length === 0) return { steps: all };
    groups.delete('');
    const parts = [...groups]
      .sort(([a, x], [b, y]) => (y[0] ?? 0) - (x[0] ?? 0) || (a < b ? -1 : 1))
      .slice(0, MOST_ROWS);
    return {
      steps: all,
      breakdown: parts.map(([key, counts]) => ({ values: valuesOf(breakdown, key), steps: toSteps(steps, counts) })),
    };
  },
});

const valuesSchema = z.array(z.string().nullable());

function valuesOf(breakdown: readonly string[], key: string): Record<string, string | null> {
  const values = valuesSchema.parse(JSON.parse(key));
  return Object.fromEntries(breakdown.map((name, i) => [name, values[i] ?? null]));
}

function toSteps(steps: readonly Step[], counts: readonly number[]) {
  const [first = 0] = counts;
  return steps.map(({ name: step }, i) => {
    const here = counts[i] ?? 0;
    const previous = i === 0 ? here : (counts[i - 1] ?? 0);
    return { step, count: here, rate_of_first: ratio(here, first), rate_of_previous: ratio(here, previous) };
  });
}

/** @throws QueryProblem */
function parseSteps(text: string): Step[] {
  const parsed = stepsSchema.safeParse(
    text.startsWith('[') ? parseJson(text) : text.split(',').map((name) => ({ name })),
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new QueryProblem(
    'steps',
    `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'must be names of events'}`.trim(),
    issue && stepReason(issue),
  );
}

/** Of a step, which one it is; else what is wrong with them all. */
function stepReason(issue: z.core.$ZodIssue): Reason | undefined {
  const [step] = issue.path;
  return typeof step === 'number' ? because('bad-step', { step: step + 1 }) : reasonOf(issue);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new QueryProblem('steps', 'must be names of events, comma-separated, or a JSON list', because('wrong-kind'));
  }
}

const breakdownSchema = z.array(z.enum(FUNNEL_DIMENSIONS)).max(2);

/** @throws QueryProblem */
function parseBreakdown(text: string | undefined) {
  const parsed = breakdownSchema.safeParse(text === undefined || text === '' ? [] : text.split(','));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = issue && reasonOf(issue);
  throw new QueryProblem('breakdown', `must be at most two of ${FUNNEL_DIMENSIONS.join(', ')}`, reason);
}
