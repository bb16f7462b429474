import { test } from 'vitest';
import { report, scaled } from '../support/runner/chaos.ts';
import { fuzzRequests } from '../support/suites/fuzz-requests.ts';

const REQUESTS = scaled(10_000, 100_000);

test(`${REQUESTS} mangled requests with good ones between: each is answered, none with an error of ours, nothing grows`, {
  timeout: scaled(200_000, 1_200_000),
}, async () => {
  report('fuzz-requests', await fuzzRequests(REQUESTS));
});
