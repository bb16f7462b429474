import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { digestOf, isPublishable, type Key, SCOPES } from './key.ts';

const LEAST_LENGTH = 24;
const LEAST_SIGNS = 10;

/** What would let a key be guessed, or undefined. */
export function weakness(secret: string): string | undefined {
  if (secret.length < LEAST_LENGTH) return `has fewer than ${LEAST_LENGTH} characters`;
  if (new Set(secret).size < LEAST_SIGNS) return `has fewer than ${LEAST_SIGNS} different characters`;
  return undefined;
}

const origin = z
  .string()
  .max(256)
  .regex(/^(null|https?:\/\/[^/@\s]+)$/, 'must be an origin without a path, such as https://shop.example, or null')
  .transform((text) => text.toLowerCase());

/** What somebody gives to make a key, by the API or on the command line. */
export const keyInput = z
  .strictObject({
    name: z.string().regex(/^[\w .@:/-]{1,64}$/, 'must be 1 to 64 letters, digits, blanks and _ . @ : / -'),
    kind: z.enum(['secret', 'publishable']).default('secret'),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length).optional(),
    origins: z.array(origin).min(1).max(100).optional(),
    expires_at: z.iso.datetime({ offset: true, error: 'must be a date-time with an offset' }).optional(),
    requests_per_second: z.int().min(1).max(1_000_000).optional(),
    requests_per_day: z.int().min(1).max(1_000_000_000).optional(),
    key: z
      .string()
      .max(256)
      .regex(/^[\x21-\x7e]+$/, 'must be of ASCII without blanks')
      .optional(),
  })
  .superRefine(({ kind, scopes, origins, key }, context) => {
    const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'publishable' && origins === undefined)
      refuse('origins', 'is missing: pages of which origins send with it?');
    if (kind === 'publishable' && scopes?.some((scope) => scope !== 'send'))
      refuse('scopes', 'a publishable key only sends');
    if (kind === 'secret' && scopes === undefined) refuse('scopes', `is missing: some of ${SCOPES.join(', ')}`);
    if (kind === 'secret' && origins !== undefined) refuse('origins', 'belongs to publishable keys');
    if (key === undefined) return;
    const message = weakness(key);
    if (message !== undefined) refuse('key', `${message}; leave it out, and one is made`);
    if (isPublishable(key) !== (kind === 'publishable')) refuse('key', 'pk_ begins publishable keys, and no others');
  });
export type KeyInput = z.infer<typeof keyInput>;

export interface NewKey {
  readonly key: Key;
  /** Said this once. */
  readonly secret: string;
}

export function newSecret(kind: Key['kind']): string {
  return `${kind === 'publishable' ? 'pk' : 'sk'}_${randomBytes(32).toString('base64url')}`;
}

export function newKey(input: KeyInput, nowMs: number, publicRate: number): NewKey {
  const { name, kind, scopes = ['send'], origins = [], requests_per_day: requestsPerDay } = input;
  const secret = input.key ?? newSecret(kind);
  const requestsPerSecond = input.requests_per_second ?? (kind === 'publishable' ? publicRate : undefined);
  const key: Key = {
    id: `key_${randomUUID().replaceAll('-', '').slice(0, 16)}`,
    name,
    kind,
    scopes: [...new Set(scopes)],
    origins: [...new Set(origins)],
    digest: digestOf(secret),
    madeMs: nowMs,
    ...(input.expires_at !== undefined && { expiresMs: Date.parse(input.expires_at) }),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(requestsPerDay !== undefined && { requestsPerDay }),
  };
  return { key, secret };
}
