import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

const SLOWEST = 10;

const pathOf = ({ moduleId }: TestModule): string => relative(process.cwd(), moduleId);

const secondsOf = (module: TestModule): number => {
  const { duration, collectDuration } = module.diagnostic();
  return (duration + collectDuration) / 1_000;
};

/** A second chance is no secret: what went wrong at the first is said. */
export const sayRetried: Reporter = {
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    for (const { message, diff = '' } of test.result().errors ?? [])
      process.stderr.write(`${test.fullName}: failed at first: ${message}\n${diff}\n`);
  },
};

/** Whoever waits is told for what. */
export const nameSlowest: Reporter = {
  onTestRunEnd(modules) {
    if (modules.length <= SLOWEST) return;
    const slowest = [...modules].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, SLOWEST);
    const lines = slowest.map((module) => `${secondsOf(module).toFixed(1).padStart(7)} s  ${pathOf(module)}`);
    process.stdout.write(`\nThe slowest ${SLOWEST} of ${modules.length} files:\n${lines.join('\n')}\n`);
  },
};

/** Where CI is set, a test that did not run has not passed. */
export const refuseSkipped: Reporter = {
  onTestRunEnd(modules) {
    if (!process.env['CI']) return;
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    for (const test of skipped) process.stderr.write(`${pathOf(test.module)}: skipped: ${test.fullName}\n`);
    if (skipped.length > 0) process.exitCode = 1;
  },
};
