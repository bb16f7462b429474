import { OpenAPIHono } from '@hono/zod-openapi';
import type { Logger } from '../../runtime/logger.ts';
import { sayOfAnswers } from '../entry/answer-headers.ts';
import { nameAnswer } from '../entry/request-id.ts';
import { SameMachine } from '../entry/same-machine.ts';
import { problemOf } from '../problem-of.ts';
import { notFound, sendProblem } from '../problems.ts';
import { type HealthCheck, healthRoutes } from './health.ts';

export interface OperationsParts {
  readonly checks: readonly HealthCheck[];
  readonly metrics: OpenAPIHono;
  /** Is it reached from this machine alone? */
  readonly isLoopback: boolean;
  readonly logger: Logger;
}

const TOLD = {
  host: 'METRICS_PORT needs no key, so that with this HOST only 127.0.0.1, [::1] and localhost are answered; set HOST to an address of a private network to be reached by its names',
  caller: 'METRICS_PORT is for who watches this process, and for no page',
};

/** What is asked of a process of any role, by whoever watches it from a private network. */
export function createOperations({ checks, metrics, isLoopback, logger }: OperationsParts): OpenAPIHono {
  const app = new OpenAPIHono();
  const sameMachine = new SameMachine([], TOLD);
  app.onError((error, context) => sendProblem(context, problemOf(error, context, logger).problem));
  app.notFound((context) =>
    sendProblem(context, notFound('Here are /health/live, /health/ready and /metrics; the API is at PORT').problem),
  );
  app.use(async (context, next) => {
    sayOfAnswers(context);
    if (isLoopback) sameMachine.checkHost(context);
    sameMachine.checkCaller(context);
    await next();
    nameAnswer(context);
  });
  app.route('/', healthRoutes(checks));
  app.route('/', metrics);
  return app;
}
