import { HttpProblem } from '../problems.ts';

/** A publishable key: it stands in the source of a shop's pages, and may only send, from the pages of these origins. */
export interface PublicKey {
  readonly key: string;
  /** `null` is the origin of sandboxed frames and of files. */
  readonly origins: readonly string[];
}

export interface PublicKeyParts {
  readonly keys: readonly PublicKey[];
  /** How often each may send; twice as often for a moment. */
  readonly requestsPerSecond: number;
  readonly now: () => number;
}

interface Allowance {
  readonly origins: ReadonlySet<string>;
  requests: number;
  atMs: number;
}

export const isPublicKey = (key: string): boolean => key.startsWith('pk_');

/** What anybody can read is no secret: such keys are bound to origins, which browsers say truly, and to a rate. */
export class PublicKeys {
  private readonly parts: PublicKeyParts;
  private readonly allowances: ReadonlyMap<string, Allowance>;
  private readonly origins: ReadonlySet<string>;

  constructor(parts: PublicKeyParts) {
    this.parts = parts;
    const full = { requests: 2 * parts.requestsPerSecond, atMs: parts.now() };
    this.allowances = new Map(parts.keys.map(({ key, origins }) => [key, { ...full, origins: new Set(origins) }]));
    this.origins = new Set(parts.keys.flatMap(({ origins }) => origins));
  }

  get isEmpty(): boolean {
    return this.allowances.size === 0;
  }

  /** May pages of this origin send with one of the keys? */
  isOriginOfAny(origin: string): boolean {
    return this.origins.has(origin);
  }

  /** @throws HttpProblem where the key is not known, does not belong to the origin, or is used too often */
  admit(key: string, origin: string | undefined): void {
    const allowance = this.allowances.get(key);
    if (allowance === undefined) throw new HttpProblem({ code: 'unauthorized', detail: 'The API key is not known' });
    if (origin === undefined || !allowance.origins.has(origin)) {
      const detail = `This key sends from pages of its own origins, not from ${origin ?? 'a request without Origin'}; add it in PUBLIC_KEYS`;
      throw new HttpProblem({ code: 'forbidden', detail });
    }
    this.take(allowance);
  }

  private take(allowance: Allowance): void {
    const { requestsPerSecond, now } = this.parts;
    const nowMs = now();
    const gained = (Math.max(0, nowMs - allowance.atMs) / 1_000) * requestsPerSecond;
    allowance.requests = Math.min(2 * requestsPerSecond, allowance.requests + gained);
    allowance.atMs = nowMs;
    if (allowance.requests < 1) {
      const detail = `This key sends more than ${requestsPerSecond} times a second`;
      throw new HttpProblem({ code: 'too-often', detail, retryAfterSeconds: 1 });
    }
    allowance.requests -= 1;
  }
}
