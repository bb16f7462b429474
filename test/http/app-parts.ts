import type { AlertStore } from '../../src/alerts/ports.ts';
import type { CartLists } from '../../src/analytics/abandoned-carts/cart-lists.ts';
import type { Question } from '../../src/analytics/question.ts';
import type { Archive } from '../../src/archive/archive-reader.ts';
import type { ReadParts } from '../../src/http/answer.ts';
import { type AppParts, createApp } from '../../src/http/app.ts';
import { Measures } from '../../src/http/operations/measures.ts';
import type { PipelineStatus } from '../../src/ingestion/monitor.ts';
import type { SettingsKeys } from '../../src/keys/key.ts';
import { KeyKeeper } from '../../src/keys/key-keeper.ts';
import { KeyRing } from '../../src/keys/key-ring.ts';
import type { KeyStore } from '../../src/keys/ports.ts';
import { DEFAULT_DIMENSIONS, type Dimension } from '../../src/metrics/dimension.ts';
import { HeavyReads } from '../../src/metrics/read-budget.ts';
import type { Reader } from '../../src/metrics/reader.ts';
import { Calendar } from '../../src/time/calendar.ts';
import { Documented } from '../support/system/documented.ts';

const noCarts: CartLists = {
  open: async () => ({ carts: [], isCutShort: false }),
  ended: async () => ({ carts: [], isCutShort: false }),
};

/** A store that holds nothing. */
const emptyReader: Reader = {
  counters: async (_, { labels }) => labels.map(() => new Map()),
  totals: async () => new Map(),
  everySum: async () => new Map(),
  ranking: async () => [],
  sums: async () => new Map(),
  members: async () => [],
  scores: async (_, { labels }) => labels.map(() => 0),
  truncated: async () => [],
  uniques: async (_, { dimensions }) => dimensions.map(() => 0),
  history: async () => [],
  historiesWithin: async () => [],
  latest: async (_, fields) => fields.map(() => undefined),
  allLatest: async () => new Map(),
  groups: async () => new Map(),
  groupedSums: async (by) => by.map(() => new Map()),
  pause: async () => undefined,
};

export const readParts: ReadParts = {
  store: () => ({ reader: emptyReader, carts: noCarts }),
  heavy: new HeavyReads(),
  calendar: new Calendar('UTC'),
  storeCurrency: 'USD',
  funnels: [],
  dimensions: DEFAULT_DIMENSIONS,
  hourlyDays: 8,
  dailyDays: 400,
  now: () => Date.parse('2026-11-20T12:00:12Z'),
  asOf: async () => Date.parse('2026-11-20T12:00:11Z'),
};

const idle: PipelineStatus = {
  lag: 0,
  partitions: [],
  tallies: new Map(),
  outbox: { waiting: 0, paused: [] },
  asOfMs: 0,
};

const noKeys: KeyStore = {
  load: async () => ({ keys: [], isClosed: false, version: '0' }),
  put: async () => undefined,
  remove: async () => false,
  countRequests: async () => new Map(),
};

const noAlerts: AlertStore = {
  rules: async () => [],
  add: async () => 'kept',
  remove: async () => false,
  states: async () => new Map(),
  keep: async () => undefined,
  history: async () => [],
  values: async () => [],
  keepValue: async () => undefined,
};

interface GivenKeys extends Partial<SettingsKeys> {
  readonly publicRate?: number;
  readonly now?: () => number;
}

/** Keys of the settings: secret ones by their digests. */
export function keyRing({ publicRate = 100, now = () => 0, ...given }: GivenKeys): KeyRing {
  const settings = { write: [], read: [], admin: [], publishable: [], ...given };
  return new KeyRing({ settings, mayBeOpen: true, publicRate, calendar: new Calendar('UTC'), now });
}

const nothing = (): void => undefined;

const noArchive: Archive = {
  begins: async () => undefined,
  upToNow: () => Promise.resolve(),
  missing: async () => [],
  exists: async () => false,
  query: async () => ({ columns: [], rows: [], isCut: false }),
  writeExport: async () => '',
  select: async () => ({ columns: [], rows: [], isCut: false }),
};

/** An API in front of nothing: no server is needed. */
export function appOf(
  questions: readonly Question[] = [],
  parts: Partial<AppParts> = {},
): ReturnType<typeof createApp> {
  const app = createApp({
    archive: noArchive,
    demo: {
      state: async () => ({ running: false, counted: false, canEnd: false }),
      end: async () => undefined,
    },
    questions,
    acceptor: { waiting: 0, accept: async (events) => ({ accepted: events.length, rejected: [] }) },
    importer: { importFile: async () => ({ outcome: 'imported-before', importId: 'import-1' }) },
    takeBacks: { ask: async () => ({ outcome: 'unknown' }) },
    imports: { list: async () => [], find: async () => undefined },
    spool: { write: async () => '/nowhere', remove: async () => undefined },
    monitor: {
      check: async () => idle,
      asOf: async () => 0,
      eventsPerSecond: () => 0,
      freshness: () => ({ p50: null, p99: null }),
    },
    status: { partitions: async () => [], deadLetters: async () => [], memory: () => [], ping: async () => undefined },
    log: { partitions: [], append: async () => [] },
    headroom: { full: () => undefined },
    endpoints: {
      list: async () => [],
      add: async () => 'kept',
      remove: async () => false,
      disable: async () => undefined,
    },
    alerts: noAlerts,
    notes: { all: async () => [], put: async () => 'kept', remove: async () => false },
    metrics: { stepMinutes: () => 60, value: async () => ({ outcome: 'none' }), asOf: async () => 0 },
    keptAnswers: { claim: async () => ({ outcome: 'begun' }), end: async () => undefined },
    deliveries: { dead: async () => [], retry: async () => false, ofUser: async () => [] },
    reconciler: { reconcile: async () => Promise.reject(new Error('nothing to compare with')) },
    reconciliations: {
      keep: async () => undefined,
      list: async () => [],
      find: async () => undefined,
      rows: async () => [],
    },
    erasures: { note: async () => undefined, place: async () => '' },
    users: {
      of: async () => ({
        ...{ sessions: [], orders: [], carts: [], countedIn: [], guests: [] },
        ...{ sessionBeganMs: undefined, boughtFirstMs: undefined },
      }),
    },
    read: readParts,
    limits: {
      maxEvents: 1_000,
      maxBodyBytes: 1_000,
      maxStreams: 1,
      maxStreamsPerKey: 1,
      allowsLoopback: true,
      hasMail: false,
      closing: new AbortController().signal,
    },
    keys: keyRing({}),
    keeper: new KeyKeeper({ store: noKeys, hasSettingsKeys: false, publicRate: 1, now: () => 0 }),
    refreshKeys: async () => undefined,
    audit: { write: async () => undefined, read: async () => [] },
    hookSecrets: { SHOPIFY_SECRETS: [], WOOCOMMERCE_SECRETS: [], MEDUSA_SECRETS: [] },
    noted: { note: async () => undefined, last: async () => [] },
    views: { list: async () => [], put: async () => 'kept', remove: async () => false },
    reportedThings: { known: async () => undefined, keep: async () => undefined, alone: (_, work) => work() },
    corsOrigins: [],
    distDir: '/nowhere',
    checks: [],
    measures: new Measures(),
    storeMemory: async () => [],
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    ...parts,
  });
  return checked(app, questions, parts.read?.dimensions);
}

/** By what a document depends on: it takes a while to make. */
const documents = new Map<string, Documented>();

/** Every answer is compared with the document. */
function checked(
  app: ReturnType<typeof createApp>,
  questions: readonly Question[],
  dimensions: readonly Dimension[] = [],
): typeof app {
  const { request: ask } = app;
  const key = JSON.stringify([questions.map(({ name, routes }) => [name, routes.length]), dimensions]);
  app.request = async (input, init, ...more) => {
    const response = await ask(input, init, ...more);
    const documented = documents.get(key) ?? new Documented(async (path) => ask(path));
    documents.set(key, documented);
    const { url, method } =
      typeof input === 'string' ? { url: new URL(input, 'http://localhost').href, method: 'GET' } : new Request(input);
    await documented.check(init?.method ?? method, url, response);
    return response;
  };
  return app;
}
