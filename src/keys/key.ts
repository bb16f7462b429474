import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a key may do; `admin` may do everything. */
export const SCOPES = ['send', 'import', 'read', 'read-personal', 'metrics', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** As it is kept: of the key itself only its SHA-256. */
export const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['secret', 'publishable']),
  scopes: z.array(z.enum(SCOPES)).readonly(),
  /** Of a publishable key: pages of which origins may send with it. */
  origins: z.array(z.string()).readonly(),
  digest: z.string(),
  /** What it was before it was rotated, which goes on working for a while. */
  previous: z.object({ digest: z.string(), untilMs: z.number() }).optional(),
  madeMs: z.number().optional(),
  expiresMs: z.number().optional(),
  requestsPerSecond: z.number().optional(),
  requestsPerDay: z.number().optional(),
});
export type Key = z.infer<typeof keySchema>;

/** The beginning by which a publishable key is known for one wherever it stands. */
export const isPublishable = (secret: string): boolean => secret.startsWith('pk_');

/** Keys of 256 random bits need no slow hash: nobody can try them all. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Keys of the settings come as digests; they have no end and no rate. */
export interface SettingsKeys {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly admin: readonly string[];
  readonly publishable: readonly { readonly key: string; readonly origins: readonly string[] }[];
}

const SCOPES_OF: Readonly<Record<'write' | 'read' | 'admin', readonly Scope[]>> = {
  write: ['send', 'import'],
  read: ['read', 'read-personal', 'metrics'],
  admin: ['admin'],
};

export function keysOfSettings(settings: SettingsKeys): Key[] {
  const secret = (['write', 'read', 'admin'] as const).flatMap((name) =>
    settings[name].map((digest, i): Key => {
      const [id, scopes] = [`settings-${name}-${i + 1}`, SCOPES_OF[name]];
      return { id, name: `${name.toUpperCase()}_KEYS ${i + 1}`, kind: 'secret', scopes, origins: [], digest };
    }),
  );
  const publishable = settings.publishable.map(({ key, origins }, i): Key => {
    const id = `settings-public-${i + 1}`;
    return { id, name: `PUBLIC_KEYS ${i + 1}`, kind: 'publishable', scopes: ['send'], origins, digest: digestOf(key) };
  });
  return [...secret, ...publishable];
}
