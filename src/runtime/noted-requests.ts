import { z } from 'zod';

const told = z.object({ path: z.string(), message: z.string() });

/** What became of a request that another system's client sent; nothing of a visitor is in it. */
export const notedRequest = z.object({
  at: z.string(),
  request_id: z.string(),
  path: z.string(),
  client: z.string().nullable(),
  status: z.int(),
  /** Of the refusal, as its problem says. */
  type: z.string().optional(),
  detail: z.string().optional(),
  accepted: z.int(),
  ignored: z.int(),
  refused: z.int(),
  bots: z.int().default(0),
  rejected: z.array(told),
  repaired: z.array(told),
});
export type NotedRequest = z.infer<typeof notedRequest>;

/** The last requests of each way in, newest first, of all processes. */
export interface NotedRequests {
  note(way: string, request: NotedRequest): Promise<void>;
  last(way: string): Promise<readonly NotedRequest[]>;
}
