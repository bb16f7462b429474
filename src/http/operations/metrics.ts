import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { Registry } from 'prom-client';
import type { Question } from '../../analytics/question.ts';
import type { ReadParts } from '../answer.ts';
import { DependencyNumbers } from './dependency-numbers.ts';
import type { HealthCheck } from './health.ts';
import type { Measures } from './measures.ts';
import { PipelineNumbers, type PipelineParts } from './pipeline-numbers.ts';
import { ShopNumbers } from './shop-numbers.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  summary: 'What an operator alarms on, for Prometheus',
  tags: ['operations'],
  security: [{ key: [] }],
  responses: {
    200: { description: 'In the text format of Prometheus', content: { 'text/plain': { schema: z.string() } } },
  },
});

export interface MetricsParts extends PipelineParts {
  readonly checks: readonly HealthCheck[];
  readonly measures: Measures;
  readonly questions: readonly Question[];
  readonly read: ReadParts;
}

/**
 * Prometheus: what an operator alarms on. Read when asked, so that no process has to keep it up to date. While a server is
 * away that is told, with what the process measures of itself, and what would be read from there is left out.
 */
export function metricsRoute(parts: MetricsParts): OpenAPIHono {
  const dependencies = new DependencyNumbers(parts.checks);
  const pipeline = new PipelineNumbers(parts);
  const shop = parts.questions.length > 0 ? new ShopNumbers(parts.questions, parts.read) : undefined;
  return metricsApp(async () => {
    const { registry, away } = await dependencies.collected();
    const own = [registry, parts.measures.collected()];
    if (away.length > 0) return own;
    const [counted, sold] = await Promise.all([pipeline.collected(), shop?.collected()]);
    return [...own, counted, ...(sold ? [sold] : [])];
  });
}

/** What a process that answers no questions knows: itself, and whether it reaches its servers. */
export function processMetricsRoute(checks: readonly HealthCheck[], measures: Measures): OpenAPIHono {
  const dependencies = new DependencyNumbers(checks);
  return metricsApp(async () => [(await dependencies.collected()).registry, measures.collected()]);
}

function metricsApp(collect: () => Promise<Registry[]>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (context) => {
    const merged = Registry.merge(await collect());
    const headers = { 'Content-Type': merged.contentType, 'Cache-Control': 'no-store' };
    return context.text(await merged.metrics(), 200, headers);
  });
  return app;
}
