import { createHash } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { EventStream, Question, Route } from '../../analytics/question.ts';
import { type ReadParts, takeSnapshot } from '../answer.ts';
import { bearerOf } from '../auth.ts';
import { sayLimit } from '../entry/rate-limit.ts';
import { HttpProblem } from '../problems.ts';
import { problemResponses, queryOf } from '../schemas.ts';
import { LiveFeed } from './live-feed.ts';

export interface StreamLimits {
  readonly maxStreams: number;
  readonly maxStreamsPerKey: number;
  /** Ends every stream. */
  readonly closing: AbortSignal;
}

/** Those routes of questions that are streams. */
export function streamRoutes(questions: readonly Question[], parts: ReadParts, limits: StreamLimits): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const { name, routes } of questions)
    for (const route of routes)
      if (route.stream !== undefined) addStream(app, name, route, route.stream, parts, limits);
  return app;
}

function addStream(
  app: OpenAPIHono,
  tag: string,
  route: Route,
  stream: EventStream,
  parts: ReadParts,
  { maxStreams, maxStreamsPerKey, closing }: StreamLimits,
): void {
  const feed = new LiveFeed({
    ...stream,
    takeSnapshot: () => takeSnapshot(route, parts),
    maxStreams,
    maxStreamsPerKey,
  });
  closing.addEventListener('abort', () => feed.close());
  const data = z.object({ at: z.string(), as_of: z.string() }).and(route.data);
  const schema = z.object({ event: z.literal(stream.event), data });
  const definition = createRoute({
    method: 'get',
    path: route.path,
    summary: route.summary,
    tags: [tag],
    security: [{ key: [] }],
    request: { query: queryOf({}) },
    responses: {
      200: {
        description: `Events named ${stream.event}; one named unavailable, without data, where none can be read`,
        content: { 'text/event-stream': { schema } },
      },
      ...problemResponses(400, 401, 403, 429),
    },
  });
  app.openapi(definition, (context) => {
    const owner = createHash('sha256')
      .update(bearerOf(context) ?? '')
      .digest('hex');
    const body = feed.open(owner);
    const most = Math.min(maxStreams, maxStreamsPerKey);
    sayLimit(context, { most, used: most - feed.left(owner), resetSeconds: 5 });
    if (body === undefined) {
      const detail = 'As many streams are open as may be (MAX_STREAMS, MAX_STREAMS_PER_KEY)';
      throw new HttpProblem({ code: 'busy', detail, retryAfterSeconds: 5 });
    }
    return context.body(body, 200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
  });
}
