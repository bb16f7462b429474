import { Random } from './random.ts';
import { Shop, type SimulatedEvent } from './shop.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How busy a shop is from hour to hour of its local day; what matters is how they stand to each other. */
const BUSY = [3, 2, 1, 1, 1, 2, 3, 5, 7, 8, 9, 10, 11, 11, 10, 10, 11, 12, 13, 15, 16, 14, 10, 6];
/** A young shop: each day has so much of what the next one has. */
const GROWTH = 0.9;
/** Few at a time: visits of a quiet shop are as long as those of a busy one. */
const SESSIONS = 6;

interface PastOptions {
  readonly seed: number;
  /** So that its products are those that are sold now. */
  readonly catalogueSeed: number;
  readonly days: number;
  /** About so many. */
  readonly events: number;
  /** The past ends here. */
  readonly endMs: number;
  readonly localHour: (ms: number) => number;
}

/** What the simulated shop has behind it, in order: the same for the same seed and end. */
export function* pastOf(options: PastOptions): Generator<SimulatedEvent> {
  const { seed, catalogueSeed, days, events, endMs, localHour } = options;
  const shop = new Shop({ seed, catalogueSeed, sessions: SESSIONS, name: 'past' });
  const random = new Random(seed);
  const hours = Array.from({ length: days * 24 }, (_, i) => endMs - (days * 24 - i) * HOUR_MS);
  const weightOf = (ms: number): number => (BUSY[localHour(ms)] ?? 1) * GROWTH ** ((endMs - ms) / DAY_MS);
  const all = hours.reduce((sum, ms) => sum + weightOf(ms), 0);
  let due = 0;
  for (const startMs of hours) {
    const share = (events * weightOf(startMs)) / all;
    const steps = Math.floor(due + share);
    due += share - steps;
    for (let i = 0; i < steps; i++) {
      const some = shop.next(Math.floor(startMs + ((i + random.next()) / steps) * HOUR_MS));
      due -= Math.max(0, some.length - 1);
      yield* some;
    }
  }
}
