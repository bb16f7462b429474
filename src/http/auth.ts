import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { isPublicKey } from './entry/public-keys.ts';
import { HttpProblem } from './problems.ts';

type Access = 'write' | 'read' | 'admin';

/** SHA-256 digests of the keys of each kind, in hex. */
export interface KeyRing {
  readonly write: readonly string[];
  readonly read: readonly string[];
  readonly admin: readonly string[];
}

export function hasKeys(ring: KeyRing): boolean {
  return ring.write.length + ring.read.length + ring.admin.length > 0;
}

function isAmong(digests: readonly string[], presented: Buffer): boolean {
  let found = false;
  // Every digest is compared, so that time tells nothing about which came close.
  for (const digest of digests) if (timingSafeEqual(Buffer.from(digest, 'hex'), presented)) found = true;
  return found;
}

/** Lets a request through that carries a key for this access; everything where no keys are configured. */
export function requireKey(ring: KeyRing, access: Access): MiddlewareHandler {
  if (!hasKeys(ring)) return (_, next) => next();
  return (context, next) => {
    checkKey(ring, access, bearerOf(context));
    return next();
  };
}

/** @throws HttpProblem where keys are configured, and this is none for this access */
export function checkKey(ring: KeyRing, access: Access, key: string | undefined): void {
  if (!hasKeys(ring)) return;
  if (key === undefined) throw denied('An API key is needed: Authorization: Bearer KEY');
  const presented = createHash('sha256').update(key).digest();
  if (isAmong(ring.admin, presented) || isAmong(ring[access], presented)) return;
  if (isPublicKey(key)) throw onlySends();
  const known = isAmong(ring.read, presented) || isAmong(ring.write, presented);
  if (!known) throw denied('The API key is not known');
  const detail = `This needs ${access === 'admin' ? 'an admin' : `a ${access}`} key`;
  throw new HttpProblem({ code: 'forbidden', detail });
}

export function bearerOf({ req }: Context): string | undefined {
  return /^bearer +(.+)$/i.exec(req.header('Authorization') ?? '')?.[1];
}

function onlySends(): HttpProblem {
  const detail = 'A key of PUBLIC_KEYS may only send events';
  return new HttpProblem({ code: 'forbidden', detail });
}

function denied(detail: string): HttpProblem {
  return new HttpProblem({ code: 'unauthorized', detail });
}
