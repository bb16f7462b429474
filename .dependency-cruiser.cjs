/**
 * The rules of the house: what may know what. Imports point one way: time, events → metrics → analytics → fold →
 * ingestion → adapters → app.
 */
const PURE = '^src/(time|events|metrics|analytics|fold|connectors)/';
const CLIENTS = '^node_modules/(ioredis|kafkajs|bullmq|nodemailer|maxmind|@duckdb|aws4fetch)(/|$)';
const IO = '^node_modules/(hono|@hono/node-server|ioredis|kafkajs|bullmq|@duckdb|pino|prom-client|tsyringe)(/|$)';

/** A room and those below it that it may not look up to. */
const noUpward = (room, above) => ({
  name: `${room}-looks-down-only`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(${above})(/|\\.ts$)` },
});

const OUTER =
  'adapters|archive|reconcile|rollups|rebuild|webhooks|keys|alerts|notes|http|simulator|imports|connectors|mcp|app|config|main';

/** What stands on the pipeline, each by itself. */
const BESIDE = 'archive|imports|keys|notes|rebuild|rollups|simulator|webhooks';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    noUpward('time', `events|metrics|analytics|fold|ingestion|runtime|${OUTER}`),
    noUpward('events', `metrics|analytics|fold|ingestion|runtime|${OUTER}`),
    noUpward('metrics', `analytics|fold|ingestion|runtime|${OUTER}`),
    noUpward('analytics', `fold|ingestion|runtime|${OUTER}`),
    noUpward('fold', `ingestion|runtime|${OUTER}`),
    noUpward('ingestion', OUTER),
    noUpward(
      'imports',
      'adapters|reconcile|rollups|rebuild|webhooks|keys|alerts|http|simulator|connectors|app|config|main',
    ),
    noUpward(
      'archive',
      'adapters|reconcile|rollups|rebuild|webhooks|keys|alerts|http|simulator|imports|connectors|app|config|main',
    ),
    noUpward(
      '(reconcile|rollups|rebuild|webhooks|keys|alerts|notes|simulator)',
      'adapters|http|connectors|app|config|main',
    ),
    noUpward('connectors', `metrics|analytics|fold|ingestion|runtime|${OUTER.replace('connectors|', '')}`),
    noUpward('mcp', `time|events|metrics|analytics|fold|ingestion|runtime|${OUTER.replace('mcp|', '')}`),
    noUpward('http', 'adapters|app|config|main'),
    noUpward('adapters', 'http|simulator|connectors|app|config|main'),
    noUpward('runtime', `time|events|metrics|analytics|fold|ingestion|${OUTER}`),
    {
      name: 'rooms-side-by-side-know-nothing-of-each-other',
      comment: 'Alerts stand on webhooks, reconciling on the archive and imports.',
      severity: 'error',
      from: { path: `^src/(${BESIDE})/` },
      to: { path: `^src/(${BESIDE}|alerts|reconcile)/`, pathNot: '^src/$1/' },
    },
    {
      name: 'alerts-stand-on-webhooks',
      severity: 'error',
      from: { path: '^src/alerts/' },
      to: { path: '^src/(archive|imports|keys|rebuild|reconcile|rollups|simulator)/' },
    },
    {
      name: 'reconciling-stands-on-archive-and-imports',
      severity: 'error',
      from: { path: '^src/reconcile/' },
      to: { path: '^src/(alerts|keys|rebuild|rollups|simulator|webhooks)/' },
    },
    {
      name: 'the-page-stands-by-itself',
      comment: 'It knows the API by its document; names of events and cells of a table are written as everywhere.',
      severity: 'error',
      from: { path: '^src/dashboard/' },
      to: { path: '^src/', pathNot: '^src/(dashboard/|events/names\\.ts$|runtime/csv-cell\\.ts$)' },
    },
    {
      name: 'nobody-knows-the-page',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/dashboard/' },
      to: { path: '^src/dashboard/' },
    },
    {
      name: 'the-core-knows-no-io',
      comment: 'No Redis, Kafka, HTTP, process or environment in the core; Buffer and hashes are no I/O.',
      severity: 'error',
      from: { path: PURE },
      to: { path: IO },
    },
    {
      name: 'the-core-knows-no-node',
      severity: 'error',
      from: { path: PURE },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    {
      name: 'questions-read-definitions-only',
      comment:
        "A question may read what another one's definition keeps, what a funnel is, and shared modules; never another's query or route.",
      severity: 'error',
      from: { path: '^src/analytics/([^/]+)/', pathNot: '^src/analytics/shared/' },
      to: {
        path: '^src/analytics/([^/]+)/',
        pathNot: '^src/analytics/($1|shared)/|^src/analytics/[^/]+/definition\\.ts$|^src/analytics/funnel/funnel\\.ts$',
      },
    },
    {
      name: 'shared-modules-read-no-question',
      severity: 'error',
      from: { path: '^src/analytics/shared/' },
      to: { path: '^src/analytics/(?!shared/)' },
    },
    {
      name: 'clients-in-adapters-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters|app)/' },
      to: { path: CLIENTS },
    },
    {
      name: 'what-runs-needs-no-dev-dependency',
      comment: 'The page is built beforehand, so its libraries are for building.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/dashboard/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'container-in-app-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app/' },
      to: { path: '^node_modules/tsyringe' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
