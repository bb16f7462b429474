import { describe } from 'vitest';
import { scaled } from '../support/runner/chaos.ts';
import { cartsSuite } from '../support/suites/carts.ts';

describe('a long log, consumers killed, Kafka killed and started again, the log replayed', () => {
  cartsSuite({
    ...scaled({ events: 16_000, parts: 4, kafkaDiesIn: [1] }, { events: 200_000, parts: 8, kafkaDiesIn: [2, 5] }),
    partitions: [1, 8],
  });
});
