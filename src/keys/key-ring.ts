import type { Calendar } from '../time/calendar.ts';
import { Allowances, mostAtOnce } from './allowances.ts';
import { FailedTries } from './failed-tries.ts';
import { digestOf, isPublishable, type Key, keysOfSettings, SCOPES, type Scope, type SettingsKeys } from './key.ts';
import type { KeptKeys } from './ports.ts';

export interface Caller {
  readonly id: string;
  readonly name: string;
}

/** So many events of a publishable key count as one request. */
export const EVENTS_OF_A_PAGE = 10;

const OPEN: Caller = { id: 'open', name: 'no keys are set' };

/** What a key may be used for at most, and how often it has been. */
export interface KeyLimit {
  readonly most: number;
  readonly used: number;
  readonly resetSeconds: number;
}

export type Admission =
  | { readonly outcome: 'admitted'; readonly caller: Caller; readonly limits: readonly KeyLimit[] }
  | { readonly outcome: 'missing' | 'only-sends' | 'not-allowed' | 'foreign-origin' }
  /** `isNew`: this address has not tried it before. */
  | { readonly outcome: 'unknown' | 'expired'; readonly isNew: boolean }
  | { readonly outcome: 'too-many-tries'; readonly retryAfterSeconds: number }
  | { readonly outcome: 'too-often'; readonly requestsPerSecond: number }
  | { readonly outcome: 'over-quota'; readonly requestsPerDay: number; readonly retryAfterSeconds: number };

export interface Asked {
  readonly secret: string | undefined;
  readonly scope: Scope;
  readonly origin?: string | undefined;
  /** Where the request came from. */
  readonly address: string;
}

export interface KeyRingParts {
  readonly settings: SettingsKeys;
  /** May everybody do everything while there are no keys? Not where other machines reach the API. */
  readonly mayBeOpen: boolean;
  readonly publicRate: number;
  readonly calendar: Calendar;
  readonly now: () => number;
}

/** All keys there are, in memory: who may do what, how often. */
export class KeyRing {
  private readonly parts: KeyRingParts;
  private readonly ofSettings: readonly Key[];
  private readonly tries: FailedTries;
  private readonly allowances: Allowances;
  private all: readonly Key[] = [];
  private byDigest: ReadonlyMap<string, Key> = new Map();
  private origins: ReadonlySet<string> = new Set();
  private isClosed = false;
  /** Requests of today that the store does not know of yet, and those that it knows. */
  private requests = new Map<string, number>();
  private counted: { readonly day: string; readonly requests: ReadonlyMap<string, number> };

  constructor(parts: KeyRingParts) {
    this.parts = parts;
    this.ofSettings = keysOfSettings(parts.settings);
    this.tries = new FailedTries(parts.now);
    this.allowances = new Allowances(parts.now);
    this.counted = { day: this.today(), requests: new Map() };
    this.take({ keys: [], isClosed: false, version: '' });
  }

  /** Does everybody do everything? */
  get isOpen(): boolean {
    return this.parts.mayBeOpen && !this.hasSecretKeys;
  }

  get hasSecretKeys(): boolean {
    return this.isClosed || this.ofSettings.some(({ kind }) => kind === 'secret');
  }

  get hasPublishable(): boolean {
    return this.origins.size > 0;
  }

  /** May pages of this origin send with one of the keys? */
  isOriginOfAny(origin: string): boolean {
    return this.origins.has(origin);
  }

  list(): readonly Key[] {
    return this.all;
  }

  /** What a key that was let in may do; everything while there are none. */
  scopesOf(secret: string | undefined): readonly Scope[] {
    if (this.isOpen) return SCOPES;
    const scopes = secret === undefined ? undefined : this.byDigest.get(digestOf(secret))?.scopes;
    return scopes?.includes('admin') ? SCOPES : (scopes ?? []);
  }

  requestsToday({ id }: Key): number {
    const { day, requests } = this.counted;
    return (day === this.today() ? (requests.get(id) ?? 0) : 0) + (this.requests.get(id) ?? 0);
  }

  /** The keys are these from now on, beside those of the settings. */
  take({ keys, isClosed }: KeptKeys): void {
    this.all = [...this.ofSettings, ...keys];
    this.isClosed = isClosed;
    const digests = this.all.map((key): [string, Key] => [key.digest, key]);
    const earlier = keys.flatMap((key): [string, Key][] => (key.previous ? [[key.previous.digest, key]] : []));
    this.byDigest = new Map([...earlier, ...digests]);
    this.origins = new Set(this.all.flatMap(({ origins }) => origins));
    this.allowances.keepOnly(new Set(this.all.map(({ id }) => id)));
  }

  admit({ secret, scope, origin, address }: Asked): Admission {
    const isPublic = secret !== undefined && isPublishable(secret);
    if (this.isOpen && !(isPublic && scope === 'send')) return { outcome: 'admitted', caller: OPEN, limits: [] };
    if (secret === undefined || secret === '') return { outcome: 'missing' };
    const digest = digestOf(secret);
    const retryAfterSeconds = this.tries.waitSeconds(address, digest);
    if (retryAfterSeconds !== undefined) return { outcome: 'too-many-tries', retryAfterSeconds };
    const key = this.byDigest.get(digest);
    if (key === undefined || !this.isCurrent(key, digest)) {
      const isNew = this.tries.failed(address, digest);
      return { outcome: key === undefined ? 'unknown' : 'expired', isNew };
    }
    this.tries.wasGood(address, digest);
    if (!key.scopes.includes(scope) && !key.scopes.includes('admin'))
      return { outcome: key.kind === 'publishable' ? 'only-sends' : 'not-allowed' };
    if (key.kind === 'publishable' && (origin === undefined || !key.origins.includes(origin)))
      return { outcome: 'foreign-origin' };
    return this.use(key);
  }

  /**
   * A request of a page has a few events. One with many counts as several, or the rate of a key that everybody knows would bound
   * requests and not what they bring.
   */
  charge(secret: string | undefined, events: number): void {
    const more = Math.ceil(events / EVENTS_OF_A_PAGE) - 1;
    if (more <= 0 || secret === undefined || !isPublishable(secret)) return;
    const key = this.byDigest.get(digestOf(secret));
    if (key === undefined) return;
    this.allowances.owe(key, this.rateOf(key) ?? this.parts.publicRate, more);
    if (key.madeMs !== undefined) this.requests.set(key.id, (this.requests.get(key.id) ?? 0) + more);
  }

  /** Hands over what the store is to count; it comes back by `know`. */
  takeRequests(): { readonly day: string; readonly requests: ReadonlyMap<string, number> } {
    const { requests } = this;
    this.requests = new Map();
    return { day: this.today(), requests };
  }

  know(day: string, requests: ReadonlyMap<string, number>): void {
    const known = this.counted.day === day ? this.counted.requests : [];
    this.counted = { day, requests: new Map([...known, ...requests]) };
  }

  private isCurrent({ digest, previous, expiresMs }: Key, presented: string): boolean {
    const nowMs = this.parts.now();
    if (expiresMs !== undefined && expiresMs <= nowMs) return false;
    return presented === digest || (previous !== undefined && previous.untilMs > nowMs);
  }

  private use(key: Key): Admission {
    const { id, name, requestsPerDay } = key;
    const requestsPerSecond = this.rateOf(key);
    const limits: KeyLimit[] = [];
    if (requestsPerSecond !== undefined) {
      const left = this.allowances.take(key, requestsPerSecond);
      if (left === undefined) return { outcome: 'too-often', requestsPerSecond };
      const most = mostAtOnce(requestsPerSecond);
      limits.push({ most, used: most - left, resetSeconds: 1 });
    }
    if (requestsPerDay !== undefined) {
      const [used, resetSeconds] = [this.requestsToday(key) + 1, this.secondsLeftToday()];
      if (used > requestsPerDay) return { outcome: 'over-quota', requestsPerDay, retryAfterSeconds: resetSeconds };
      limits.push({ most: requestsPerDay, used, resetSeconds });
    }
    if (key.madeMs !== undefined) this.requests.set(id, (this.requests.get(id) ?? 0) + 1);
    return { outcome: 'admitted', caller: { id, name }, limits };
  }

  private rateOf({ kind, requestsPerSecond }: Key): number | undefined {
    return requestsPerSecond ?? (kind === 'publishable' ? this.parts.publicRate : undefined);
  }

  private today(): string {
    return this.parts.calendar.at(this.parts.now()).day;
  }

  private secondsLeftToday(): number {
    const { calendar, now } = this.parts;
    return Math.max(1, Math.ceil((calendar.dayStart(calendar.addDays(this.today(), 1)) - now()) / 1_000));
  }
}
