import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { AlertState } from '../../alerts/judge.ts';
import type { AlertStore, Metrics, Notice } from '../../alerts/ports.ts';
import {
  type KnownRule,
  MAX_RULES,
  type Reachable,
  type Rule,
  type RuleInput,
  type RuleProblem,
  ruleId,
  ruleInput,
  ruleProblem,
  type Target,
} from '../../alerts/rule.ts';
import { newSecret } from '../../webhooks/signature.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { type Clock, inStoreTime, metaOfNow } from '../meta.ts';
import { badRequest, HttpProblem, notFound } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';
import { alertValueRoutes, watchedValue } from './alert-value.ts';

const SHOWN_TURNS = 20;
const KEPT_NOTICES = 1_000;

const turn = z.object({
  turn: z.enum(['fired', 'over']),
  at: z.string(),
  value: z.number(),
  expected: z.number().optional(),
});
const shown = ruleInput
  .omit({ to: true })
  // What is made has more, which a schema that is closed would forbid.
  .strip()
  .extend({
    id: z.string(),
    source: z.enum(['made', 'settings']),
    to: z
      .array(z.object({ by: z.enum(['webhook', 'slack', 'email']), host: z.string() }))
      .openapi({ description: 'without the rest of addresses, which let others send there' }),
    status: z.enum(['ok', 'firing', 'new']),
    since: z.string().optional(),
    looked_at: z.string().optional().openapi({ description: 'the end of the newest time that was looked at' }),
    value: z.number().optional(),
    expected: z.number().optional().openapi({ description: 'the mean of the same time of the weeks before' }),
    history: z.array(turn).openapi({ description: 'when it fired and was over, newest first' }),
  })
  .openapi('Alert');
const made = shown.extend({
  secrets: z.array(z.string()).openapi({ description: 'of its webhooks, in their order; shown this once' }),
});

const common = { tags: ['alerts'], security: [{ key: [] }] };

const routes = {
  make: createRoute({
    method: 'post',
    path: '/v1/alerts',
    summary: 'Be alerted when a number of any answer is out of order (admin)',
    ...common,
    middleware: wantsJson,
    request: { query: queryOf({}), body: { content: json(ruleInput), required: true } },
    responses: {
      201: { description: 'The alert', content: answered(made) },
      ...problemResponses(400, 401, 403, 409, 413, 415, 503),
    },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/alerts',
    summary: 'Alerts: how each stands, and when it fired',
    ...common,
    request: { query: listQuery },
    responses: {
      200: { description: 'Alerts', content: answered(z.array(shown)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/v1/alerts/{id}',
    summary: 'Look at an alert no more (admin)',
    ...common,
    request: { params: z.object({ id: z.string().min(1).max(200) }), query: queryOf({}) },
    responses: { 204: { description: 'Removed' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
};

export interface AlertParts {
  readonly alerts: AlertStore;
  readonly metrics: Metrics;
  readonly limits: Reachable;
}

export function alertRoutes({ alerts, metrics, limits }: AlertParts, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(routes.make, async (context) => {
    const input = context.req.valid('json');
    const problem = ruleProblem(input, limits) ?? (await metricProblem(input, metrics, clock));
    if (problem !== undefined) throw badRequest(`${problem.path}: ${problem.message}`, [problem]);
    const rule: Rule = { ...input, id: ruleId(input), to: input.to.map(withSecret) };
    const meta = await metaOfNow(clock);
    if ((await alerts.add(rule)) === 'full') throw tooMany();
    const secrets = rule.to.flatMap((to) => ('webhook' in to && to.secret !== undefined ? [to.secret] : []));
    return context.json(
      { data: { ...toShown({ ...rule, source: 'made' }, undefined, [], clock), secrets }, meta },
      201,
    );
  });
  app.route('/', alertValueRoutes(metrics, clock));
  app.openapi(routes.list, async (context) => {
    const read = async () => {
      const [rules, states, history] = await Promise.all([
        alerts.rules(),
        alerts.states(),
        alerts.history(KEPT_NOTICES),
      ]);
      return rules.map((rule) => toShown(rule, states.get(rule.id), history, clock));
    };
    return context.json(await listPage('/v1/alerts', context.req.valid('query'), clock, read, ({ id }) => id), 200);
  });
  app.openapi(routes.remove, async (context) => {
    if (!(await alerts.remove(context.req.valid('param').id)))
      throw notFound('There is no such alert; those of ALERTS are removed from the settings');
    return context.body(null, 204);
  });
  return app;
}

/** Asked once now, so that a rule that can never fire is refused instead of kept; of a list without rows nobody can tell yet. */
async function metricProblem(input: RuleInput, metrics: Metrics, clock: Clock): Promise<RuleProblem | undefined> {
  const read = await watchedValue(input, metrics, clock);
  return read.outcome === 'wrong' ? read.problem : undefined;
}

function withSecret(to: Target): Target {
  return 'webhook' in to ? { ...to, secret: to.secret ?? newSecret() } : to;
}

function tooMany(): HttpProblem {
  return new HttpProblem({
    code: 'too-many-alerts',
    detail: `There are ${MAX_RULES} alerts already; remove one first`,
  });
}

function toShown(
  { to, ...rule }: KnownRule,
  state: AlertState | undefined,
  history: readonly Notice[],
  clock: Clock,
): z.infer<typeof shown> {
  const { calendar } = clock;
  const turns = history.filter(({ alertId }) => alertId === rule.id).slice(0, SHOWN_TURNS);
  return {
    ...rule,
    to: to.map(hostOf),
    status: state === undefined ? 'new' : state.status,
    ...(state?.sinceMs !== undefined && { since: calendar.format(state.sinceMs) }),
    ...(state !== undefined && { looked_at: calendar.format(state.judgedMs) }),
    ...(state?.value !== undefined && { value: state.value }),
    ...(state?.expected !== undefined && { expected: state.expected }),
    history: turns.map((one) => ({
      turn: one.turn,
      at: inStoreTime(clock, one.at),
      value: one.value,
      ...(one.expected !== undefined && { expected: one.expected }),
    })),
  };
}

/** A URL of Slack's is a secret: whoever has it may write there. */
function hostOf(to: Target): { by: 'webhook' | 'slack' | 'email'; host: string } {
  if ('email' in to) return { by: 'email', host: to.email.split('@').at(-1) ?? '' };
  const [by, url] = 'webhook' in to ? (['webhook', to.webhook] as const) : (['slack', to.slack] as const);
  return { by, host: new URL(url).host };
}
