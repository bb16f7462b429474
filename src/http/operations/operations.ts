import { OpenAPIHono } from '@hono/zod-openapi';
import { type HealthCheck, healthRoutes } from './health.ts';

/** What is asked of a process of any role, by whoever watches it from a private network. */
export function createOperations(checks: readonly HealthCheck[], metrics: OpenAPIHono): OpenAPIHono {
  const app = new OpenAPIHono();
  app.route('/', healthRoutes(checks));
  app.route('/', metrics);
  return app;
}
