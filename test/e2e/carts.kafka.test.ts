import { describe } from 'vitest';
import { cartsSuite } from '../support/suites/carts.ts';

describe('a few thousand events, consumers killed, the log replayed', () => {
  cartsSuite({ events: 6_000, partitions: [1], parts: 2, kafkaDiesIn: [] });
});
