import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { json } from '../schemas.ts';

export interface HealthCheck {
  readonly name: string;
  check(): Promise<unknown>;
}

const state = z.enum(['ok', 'unavailable']);
const readySchema = z.object({ status: state, dependencies: z.record(z.string(), state) });

const liveRoute = createRoute({
  method: 'get',
  path: '/health/live',
  summary: 'Whether the process answers',
  tags: ['operations'],
  responses: { 200: { description: 'It does', content: json(z.object({ status: z.literal('ok') })) } },
});

const readyRoute = createRoute({
  method: 'get',
  path: '/health/ready',
  summary: 'Whether each server that the process needs answers',
  tags: ['operations'],
  responses: {
    200: { description: 'All of them do', content: json(readySchema) },
    503: { description: 'Those that do not are named', content: json(readySchema) },
  },
});

const NOT_KEPT = { 'Cache-Control': 'no-store' };

export function healthRoutes(checks: readonly HealthCheck[]): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(liveRoute, (context) => context.json({ status: 'ok' as const }, 200, NOT_KEPT));
  app.openapi(readyRoute, async (context) => {
    const away = await failing(checks);
    const ok = away.length === 0;
    const dependencies = Object.fromEntries(checks.map(({ name }) => [name, stateOf(!away.includes(name))]));
    return context.json({ status: stateOf(ok), dependencies }, ok ? 200 : 503, NOT_KEPT);
  });
  return app;
}

/** The names of those that do not succeed in time. */
export async function failing(checks: readonly HealthCheck[]): Promise<string[]> {
  const results = await Promise.all(checks.map(async ({ name, check }) => ({ name, ok: await succeeds(check) })));
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

const stateOf = (ok: boolean): z.infer<typeof state> => (ok ? 'ok' : 'unavailable');

async function succeeds(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await Promise.race([
      check(),
      new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 2_000).unref()),
    ]);
    return true;
  } catch {
    return false;
  }
}
