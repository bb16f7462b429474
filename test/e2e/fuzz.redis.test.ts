import { test } from 'vitest';
import { fuzzRequests } from '../support/suites/fuzz-requests.ts';

test('1,000 mangled requests with good ones between: each is answered, none with an error of ours', async () => {
  await fuzzRequests(1_000);
});
