import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { Counter, Gauge, Registry } from 'prom-client';
import type { PipelineMonitor } from '../../ingestion/monitor.ts';

/** Those that are there from the first moment on, so that an alarm on them can be set before the first. */
const OUTCOMES = [
  'events',
  'rejected',
  'duplicates',
  'wrong_partition',
  'unknown_refunds',
  'refunds_beyond',
  'missing',
  'saturated',
];

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

/** Prometheus: what an operator alarms on. Read when asked, so that no process has to keep it up to date. */
export function metricsRoute(monitor: Pick<PipelineMonitor, 'check' | 'eventsPerSecond' | 'freshness'>): OpenAPIHono {
  const app = new OpenAPIHono();
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `cartpulse_${name}`, help, labelNames, registers: [registry] });
  const lag = gauge('lag_events', 'Events in the log that are not counted yet', ['topic', 'partition']);
  const rate = gauge('events_per_second', 'Events counted per second over the last ten');
  const freshness = gauge('freshness_seconds', 'Age of the answers over the last minute', ['quantile']);
  const tally = new Counter({
    name: 'cartpulse_events_total',
    help: 'Events by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  app.openapi(route, async (context) => {
    const { partitions, tallies } = await monitor.check();
    for (const { topic, partition, lag: n } of partitions) lag.set({ topic, partition }, n);
    // Counted elsewhere: each time it is asked for, it is set to what was counted, all in one go.
    tally.reset();
    for (const outcome of OUTCOMES) tally.inc({ outcome }, 0);
    for (const [outcome, n] of tallies) tally.inc({ outcome }, n);
    rate.set(monitor.eventsPerSecond());
    const { p50, p99 } = monitor.freshness();
    freshness.set({ quantile: '0.5' }, (p50 ?? 0) / 1_000);
    freshness.set({ quantile: '0.99' }, (p99 ?? 0) / 1_000);
    return context.text(await registry.metrics(), 200, {
      'Content-Type': registry.contentType,
      'Cache-Control': 'no-store',
    });
  });
  return app;
}
