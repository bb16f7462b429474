import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';

const project = (name: string, include: string[], timeoutMs: number, exclude: string[] = [], retry = 0) => ({
  extends: true as const,
  test: { name, include, exclude, testTimeout: timeoutMs, hookTimeout: timeoutMs, retry },
});

/** A second chance is no secret: what went wrong at the first is said. */
const sayRetried: Reporter = {
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    for (const { message } of test.result().errors ?? [])
      process.stderr.write(`${test.fullName}: failed at first: ${message}\n`);
  },
};

const report = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    reporters: [
      'default',
      sayRetried,
      ...(report ? [['json', { outputFile: report }] satisfies [string, unknown]] : []),
    ],
    // Real servers share two cores in CI: files run one after the other so that no test starves another.
    fileParallelism: false,
    projects: [
      project('unit', ['test/**/*.test.ts'], 20_000, ['test/**/*.{redis,kafka,browser}.test.ts']),
      project('integration', ['test/**/*.redis.test.ts'], 120_000),
      project('browser', ['test/**/*.browser.test.ts'], 60_000),
      // A broker, Redis and several processes share two cores: one that starts too slowly for a test gets a second chance, which the report shows.
      project('kafka', ['test/**/*.kafka.test.ts'], 300_000, [], 1),
    ],
  },
});
