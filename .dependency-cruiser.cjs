/** The rules of the house: what may know what. */
const clients = '^node_modules/(ioredis|kafkajs|bullmq|redis-memory-server)(/|$)';
module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'folds-know-no-io',
      comment: 'Folds, keys and windows are pure: no Redis, Kafka, HTTP, clock or environment.',
      severity: 'error',
      from: {
        path: '^src/analytics/([^/]+/(fold|keys)|windows|writes|families|keyspace|facts|fields|audience|catalogue|sales|pulse|session-counts|shared|histogram|open-ended)\\.ts$',
      },
      to: {
        path: [
          '^node_modules/(hono|@hono|ioredis|kafkajs|bullmq|pino)(/|$)',
          '^src/(adapters|http|rollups|config|composition|main)',
        ],
      },
    },
    {
      name: 'folds-know-no-node',
      severity: 'error',
      from: {
        path: '^src/analytics/([^/]+/(fold|keys)|windows|writes|families|keyspace|facts|fields|audience|catalogue|sales|pulse|session-counts|shared|histogram|open-ended)\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'slices-stand-alone',
      comment: 'What two slices share belongs in the core.',
      severity: 'error',
      from: { path: '^src/analytics/([^/]+)/' },
      to: { path: '^src/analytics/([^/]+)/', pathNot: '^src/analytics/$1/' },
    },
    {
      name: 'clients-in-adapters-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters|rollups|composition)' },
      to: { path: clients },
    },
    {
      name: 'adapters-are-wired-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|composition)' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'container-in-composition-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/composition\\.ts$' },
      to: { path: '^node_modules/tsyringe' },
    },
    {
      name: 'the-core-does-not-look-outward',
      severity: 'error',
      from: { path: '^src/(events|analytics|ingestion)/' },
      to: { path: '^src/(adapters|http|rollups|simulator|composition|main|config)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
