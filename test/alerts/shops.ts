import { Random } from '../../src/simulator/random.ts';
import { BEGIN_MS, QUARTER_MS, usual } from './quarters.ts';

export const QUARTERS_OF_A_DAY = 96;
export const DAY_MS = 86_400_000;
/** What docs/operations.md advises. */
export const STOPPED = { over_minutes: 60, when: { drop_percent: 60, weeks: 4 }, for_minutes: 30 };

export function poisson(mean: number, random: Random): number {
  // Large ones in parts: e^-700 is 0.
  if (mean > 50) return poisson(mean / 2, random) + poisson(mean / 2, random);
  let [n, product] = [-1, 1];
  do {
    n += 1;
    product *= random.next();
  } while (product > Math.exp(-mean));
  return n;
}

/** Days of a shop that sells as usual, which is never quite the same. */
export function noisyShop(perHour: number, days: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: days * QUARTERS_OF_A_DAY }, (_, i) =>
    poisson(usual(BEGIN_MS + i * QUARTER_MS, perHour) / 4, random),
  );
}
