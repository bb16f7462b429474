import { describe } from 'vitest';
import { cartsSuite } from '../support/suites/carts.ts';

describe('200,000 events, consumers killed, Kafka killed and started again, the log replayed', () => {
  cartsSuite({ events: 200_000, partitions: [1, 8], parts: 8, kafkaDiesIn: [2, 5] });
});
