import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const named = (type: string, attributes: z.ZodType) =>
  z.strictObject({ data: z.strictObject({ type: z.literal(type), attributes }) });

/** Events as Klaviyo's API documents them, and what it needs of each. */
const eventSchema = named(
  'event',
  z.strictObject({
    metric: named('metric', z.strictObject({ name: z.string().min(1) })),
    profile: named(
      'profile',
      z.strictObject({ email: z.email().optional(), external_id: z.string().min(1).optional() }),
    ),
    properties: z.record(z.string(), z.unknown()),
    time: z.iso.datetime({ offset: true }).optional(),
    value: z.number().optional(),
    value_currency: z.string().length(3).optional(),
    unique_id: z.string().min(1).optional(),
  }),
);
const uniqueSchema = z.object({
  data: z.object({
    attributes: z.object({
      unique_id: z.string(),
      metric: z.object({ data: z.object({ attributes: z.object({ name: z.string() }) }) }),
    }),
  }),
});

/** What it was sent is looked at field by field. */
type Json = ReturnType<typeof JSON.parse>;

type Answer = number | 'reset' | { readonly status: number; readonly retryAfter: string };

interface Asked {
  readonly atMs: number;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Json;
}

/** Acts as Klaviyo's API: refuses what it would, and records the first of each `unique_id` of a metric. */
export class StandInKlaviyo {
  readonly asked: Asked[] = [];
  /** `Cart Abandoned abc`, in the order in which they came. */
  readonly recorded: string[] = [];
  /** What the next ones are answered; it works where none is left. */
  answers: Answer[] = [];
  url = '';
  private readonly server: Server = createServer((request, response) => void this.take(request, response));

  async start(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body: Json = JSON.parse(text);
    this.asked.push({ atMs: Date.now(), path: request.url, headers: request.headers, body });
    const answer = this.answers.shift() ?? this.answerTo(request, body);
    if (answer === 'reset') request.socket.destroy();
    else if (typeof answer === 'number') response.writeHead(answer).end();
    else response.writeHead(answer.status, { 'Retry-After': answer.retryAfter }).end();
  }

  private answerTo({ method, url, headers }: IncomingMessage, body: unknown): number {
    if (method !== 'POST' || url !== '/api/events') return 404;
    if (headers.authorization !== 'Klaviyo-API-Key pk_private') return 401;
    if (!/^\d{4}-\d{2}-\d{2}$/.test(String(headers['revision']))) return 400;
    if (headers['content-type'] !== 'application/vnd.api+json') return 415;
    if (!eventSchema.safeParse(body).success) return 400;
    const { unique_id: id, metric } = uniqueSchema.parse(body).data.attributes;
    const name = `${metric.data.attributes.name} ${id}`;
    if (!this.recorded.includes(name)) this.recorded.push(name);
    return 202;
  }
}
