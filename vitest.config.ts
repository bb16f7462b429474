import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], timeoutMs: number) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs },
});

const report = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    // Real servers share two cores in CI: files run one after the other so that no test starves another.
    fileParallelism: false,
    projects: [
      project('unit', ['test/{events,analytics,ingestion,http,simulator,docs}/**/*.test.ts', 'test/*.test.ts'], 20_000),
      project('integration', ['test/{contract,e2e,adapters,rollups}/**/*.redis.test.ts'], 120_000),
      project('kafka', ['test/{contract,e2e,adapters}/**/*.kafka.test.ts'], 300_000),
    ],
  },
});
