import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Stage, Timings } from '../../ingestion/ports/timings.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
}

/** What a process measures of itself: its memory and event loop, how long it takes to answer and to count. */
export class Measures implements Timings {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'cartpulse_http_request_duration_seconds',
    help: 'From a request to the end of its answer, by the route that answered; streams are left out',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly stages = new Histogram({
    name: 'cartpulse_counting_duration_seconds',
    help: 'Of one batch of a partition, by stage; load and commit wait for Redis',
    labelNames: ['stage'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private isWatching = false;

  observe(stage: Stage, ms: number): void {
    this.stages.observe({ stage }, ms / 1_000);
  }

  answered({ method, route, status, ms }: Answered): void {
    this.requests.observe({ method, route, status: String(status) }, ms / 1_000);
  }

  /** Memory and event loop are watched from the first call on: most processes of tests are never asked. */
  collected(): Registry {
    if (!this.isWatching) collectDefaultMetrics({ register: this.registry });
    this.isWatching = true;
    return this.registry;
  }
}
