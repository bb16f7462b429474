import { describe } from 'vitest';
import { scaled } from '../support/runner/chaos.ts';
import { cartsSuite } from '../support/suites/carts.ts';

describe('a long log, consumers killed, Kafka killed and started again, the log replayed', () => {
  cartsSuite({ events: scaled(30_000, 200_000), partitions: [1, 8], parts: 8, kafkaDiesIn: [2, 5] });
});
