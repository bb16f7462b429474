import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { HttpProblem } from '../problems.ts';
import { problemResponses } from '../schemas.ts';

const INTERVAL_MS = 1_000;
/** A listener that has left so many snapshots unread does not read any more. */
const MAX_UNREAD = 8;

export interface LiveParts {
  /** Reads the shop as it is now. */
  readonly takeSnapshot: () => Promise<unknown>;
  readonly maxStreams: number;
  readonly intervalMs?: number;
}

type Listener = ReadableStreamDefaultController<Uint8Array>;

/** One read a second, written to every listener; none while nobody listens. */
export class LiveFeed {
  private readonly parts: LiveParts;
  private readonly listeners = new Set<Listener>();
  private readonly encoder = new TextEncoder();
  private timer: NodeJS.Timeout | undefined;
  private busy = false;
  private isClosed = false;

  constructor(parts: LiveParts) {
    this.parts = parts;
  }

  get streams(): number {
    return this.listeners.size;
  }

  /** A stream of server-sent events, or undefined where there are as many as may be. */
  open(): ReadableStream<Uint8Array> | undefined {
    if (this.isClosed || this.listeners.size >= this.parts.maxStreams) return undefined;
    let own: Listener | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          own = controller;
          this.listeners.add(controller);
          this.run();
        },
        cancel: () => {
          if (own) this.leave(own);
        },
      },
      new CountQueuingStrategy({ highWaterMark: MAX_UNREAD }),
    );
  }

  /** Ends every stream; the page connects again by itself. */
  close(): void {
    this.isClosed = true;
    for (const listener of this.listeners) {
      this.leave(listener);
      listener.close();
    }
  }

  private leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private run(): void {
    if (this.timer !== undefined) return;
    const tick = (): void => {
      this.broadcast().catch(() => undefined);
    };
    this.timer = setInterval(tick, this.parts.intervalMs ?? INTERVAL_MS);
    tick();
  }

  private async broadcast(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.send(`event: snapshot\ndata: ${JSON.stringify(await this.parts.takeSnapshot())}\n\n`);
    } catch {
      // What failed is in the log of whoever failed; listeners learn that the numbers stand still.
      this.send('event: unavailable\ndata: {}\n\n');
    } finally {
      this.busy = false;
    }
  }

  private send(text: string): void {
    const bytes = this.encoder.encode(text);
    for (const listener of this.listeners) {
      if ((listener.desiredSize ?? 0) > 0) listener.enqueue(bytes);
      else {
        this.leave(listener);
        listener.error(new Error('the listener does not read'));
      }
    }
  }
}

const liveRoute = createRoute({
  method: 'get',
  path: '/v1/live',
  summary: 'Server-sent events: one snapshot of the shop a second',
  tags: ['live'],
  security: [{ key: [] }],
  responses: {
    200: { description: 'Events named snapshot', content: { 'text/event-stream': { schema: z.string() } } },
    ...problemResponses(401, 403, 429),
  },
});

export function addLiveRoute(app: OpenAPIHono, feed: LiveFeed): void {
  app.openAPIRegistry.registerPath(liveRoute);
  app.get('/v1/live', (context) => {
    const stream = feed.open();
    if (stream === undefined) {
      const detail = 'As many streams are open as may be (MAX_STREAMS)';
      throw new HttpProblem({ status: 429, code: 'busy', title: 'Too many streams', detail, retryAfterSeconds: 5 });
    }
    return context.body(stream, 200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
  });
}
