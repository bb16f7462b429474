import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { nameSlowest, refuseSkipped, sayRetried } from './test/support/runner/reporters.ts';

type Options = NonNullable<TestProjectInlineConfiguration['test']>;

/** For what asks a server, or a page, about today. */
const TODAY = { setupFiles: ['./test/support/runner/away-from-midnight.ts'] };
/** For what starts processes: of a fresh build, which end with their file. */
const PROCESSES = {
  globalSetup: ['./test/support/runner/fresh-build.ts'],
  setupFiles: [...TODAY.setupFiles, './test/support/runner/end-processes.ts'],
};
/** Servers, processes and browsers share two cores: one that is too slow for a test gets a second chance, which is said. */
const SHARED_CORES = { retry: 1 };
const KAFKA = {
  ...PROCESSES,
  ...SHARED_CORES,
  globalSetup: [...PROCESSES.globalSetup, './test/support/runner/shared-kafka.ts'],
};
/** What a page costs while it stays open is measured alone, and takes as long as it is open. */
const SOAK = ['test/browser/while-open.browser.test.ts'];
const CHAOS = ['test/chaos/**'];
/** What is tried with a few made-up logs by `npm test`, and with many by `npm run chaos:short`. */
const PROPERTIES = ['test/**/*.property.test.ts'];
const PROPERTIES_ON_REDIS = ['test/**/*.property.redis.test.ts'];
/** Of all three kinds: they need no server. */
const THREADS: Options = { pool: 'threads', maxWorkers: '100%', sequence: { groupOrder: 0 } };

let order = 0;

/** Projects run one after the other, in the order in which they stand below. */
const project = (name: string, include: string[], timeoutMs: number, options: Options) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // Files of a worker share what they import: that takes seconds for each of them otherwise.
    isolate: false,
    sequence: { groupOrder: order++ },
    maxWorkers: 1,
    ...options,
  },
});

/** Of both kinds: each file has a Redis of its own, and waits more often than it works. */
const FOUR_AT_A_TIME: Options = { maxWorkers: 4, sequence: { groupOrder: 1 } };
/** Of both kinds: most of a fault run is waiting for what was killed. */
const TWO_AT_A_TIME: Options = { maxWorkers: 2, sequence: { groupOrder: 100 } };

const report = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    // Busy cores take longer than the second that is usual.
    expect: { poll: { timeout: 15_000 } },
    reporters: [
      'default',
      sayRetried,
      nameSlowest,
      refuseSkipped,
      ...(report ? [['json', { outputFile: report }] satisfies [string, unknown]] : []),
    ],
    projects: [
      // Neither servers nor processes.
      project('unit', ['test/**/*.test.ts'], 60_000, {
        ...THREADS,
        exclude: ['test/**/*.{property,process,redis,kafka,browser,engine}.test.ts'],
      }),
      // Programs, ports and waiting by the clock, yet no Redis and no Kafka.
      project('process', ['test/**/*.process.test.ts'], 60_000, THREADS),
      project('property', PROPERTIES, 60_000, THREADS),
      project('redis', ['test/**/*.redis.test.ts'], 120_000, {
        ...PROCESSES,
        ...SHARED_CORES,
        ...FOUR_AT_A_TIME,
        exclude: CHAOS,
      }),
      project('kafka', ['test/**/*.kafka.test.ts'], 300_000, {
        ...KAFKA,
        ...FOUR_AT_A_TIME,
        exclude: CHAOS,
      }),
      // A shop of thousands of events is seeded before the first test.
      project('browser', ['test/**/*.browser.test.ts'], 150_000, {
        ...TODAY,
        ...SHARED_CORES,
        exclude: SOAK,
        hookTimeout: 180_000,
        maxWorkers: 2,
      }),
      // What takes minutes, since it kills, starves, floods or waits: `npm run chaos:short`, and `npm run chaos` with
      // more of each.
      project('chaos-property', PROPERTIES, 300_000, THREADS),
      project('chaos-browser', SOAK, 150_000, { ...TODAY, ...SHARED_CORES, hookTimeout: 180_000 }),
      project('chaos-redis', ['test/chaos/**/*.redis.test.ts', ...PROPERTIES_ON_REDIS], 300_000, {
        ...PROCESSES,
        ...TWO_AT_A_TIME,
      }),
      project('chaos-kafka', ['test/chaos/**/*.kafka.test.ts'], 300_000, { ...KAFKA, ...TWO_AT_A_TIME }),
      // A Docker engine of its own: in `npm run chaos` alone.
      project('chaos-engine', ['test/chaos/**/*.engine.test.ts'], 300_000, {}),
    ],
  },
});
