import { hoursBefore, visitorsAtOnce } from './busyness.ts';
import { Random } from './random.ts';
import { Shop, type SimulatedEvent } from './shop.ts';

const HOUR_MS = 3_600_000;

interface PastOptions {
  readonly seed: number;
  /** So that its products are those that are sold now. */
  readonly catalogueSeed: number;
  /** What its visitors, orders and events are named after. */
  readonly name: string;
  readonly days: number;
  /** The past ends here. */
  readonly endMs: number;
  /** How many events in the hour that begins then. */
  readonly eventsInHour: (ms: number) => number;
}

/** What the simulated shop has behind it, in order: the same for the same seed and end. */
export function* pastOf({ days, endMs, eventsInHour, ...seeds }: PastOptions): Generator<SimulatedEvent> {
  const shop = new Shop(seeds);
  const random = new Random(seeds.seed);
  let due = 0;
  for (const startMs of hoursBefore(endMs, days)) {
    const events = eventsInHour(startMs);
    const steps = Math.max(0, Math.floor(due + events));
    due += events - steps;
    for (let i = 0; i < steps; i++) {
      const atMs = Math.floor(startMs + ((i + random.next()) / steps) * HOUR_MS);
      const some = shop.next(atMs, visitorsAtOnce(events));
      due -= Math.max(0, some.length - 1);
      yield* some;
    }
  }
}
