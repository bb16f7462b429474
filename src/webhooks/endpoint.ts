import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { idSchema } from '../events/schema.ts';
import { isSecret } from './signature.ts';
import { targetProblem } from './targets.ts';

/** Each cart is sent to each of them. */
export const MAX_ENDPOINTS = 100;

const EVENT_TYPES = ['cart.abandoned', 'cart.recovered'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a client gives to make an endpoint, by the API or in `WEBHOOKS`. */
export const endpointInput = z.strictObject({
  url: z
    .string()
    .max(2_048)
    .superRefine((url, context) => {
      const message = targetProblem(url);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
  events: z
    .array(z.enum(EVENT_TYPES))
    .min(1)
    .max(EVENT_TYPES.length)
    .default([...EVENT_TYPES]),
  secret: z
    .string()
    .refine(isSecret, 'must be whsec_ and 24 to 64 bytes in base64')
    .optional()
    .openapi({ description: 'made by the server where absent' }),
  min_value: z.number().min(0).optional().openapi({ description: 'in the currency of the cart' }),
  cities: z.array(idSchema).min(1).max(1_000).optional(),
  stages: z
    .array(z.enum(['cart', 'checkout']))
    .min(1)
    .optional(),
});
type EndpointInput = z.infer<typeof endpointInput>;

export interface Endpoint extends EndpointInput {
  readonly id: string;
  readonly secret: string;
  /** Set when it has answered 410: nothing is sent to it any more. */
  readonly disabledAt?: string | undefined;
}

/** Made of URL and events, so that an endpoint of `WEBHOOKS` is the same after a restart and nothing is sent twice. */
export function endpointId({ url, events }: EndpointInput): string {
  return createHash('sha256')
    .update(JSON.stringify([url, [...events].sort()]))
    .digest('hex')
    .slice(0, 16);
}

/** What endpoints filter carts by. */
interface CartTraits {
  readonly type: EventType;
  readonly value: number;
  readonly city: string;
  readonly stage: 'cart' | 'checkout';
}

export function wants(endpoint: Endpoint, { type, value, city, stage }: CartTraits): boolean {
  if (endpoint.disabledAt !== undefined || !endpoint.events.includes(type)) return false;
  if (endpoint.min_value !== undefined && value < endpoint.min_value) return false;
  if (endpoint.cities !== undefined && !endpoint.cities.includes(city)) return false;
  return endpoint.stages === undefined || endpoint.stages.includes(stage);
}
