import { OpenAPIHono } from '@hono/zod-openapi';

export interface HealthCheck {
  readonly name: string;
  check(): Promise<unknown>;
}

const NOT_KEPT = { 'Cache-Control': 'no-store' };

export function healthRoutes(checks: readonly HealthCheck[]): OpenAPIHono {
  const app = new OpenAPIHono();
  app.get('/health/live', (context) => context.json({ status: 'ok' }, 200, NOT_KEPT));
  app.get('/health/ready', async (context) => {
    const results = await Promise.all(checks.map(async ({ name, check }) => ({ name, ok: await succeeds(check) })));
    const ok = results.every((result) => result.ok);
    const dependencies = Object.fromEntries(results.map((result) => [result.name, result.ok ? 'ok' : 'unavailable']));
    return context.json({ status: ok ? 'ok' : 'unavailable', dependencies }, ok ? 200 : 503, NOT_KEPT);
  });
  return app;
}

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
