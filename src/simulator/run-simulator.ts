import type { Acceptor } from '../ingestion/acceptor.ts';
import type { Logger } from '../runtime/logger.ts';
import { Shop } from './shop.ts';

const STEP_MS = 100;

interface RunningSimulator {
  stop(): Promise<void>;
}

/** How much happens in the shop at a moment. */
export interface Pace {
  readonly eventsPerSecond: number;
  /** Visitors that are about at once. */
  readonly sessions: number;
}

/** So many events each second, whatever the hour. */
export const steady = (eventsPerSecond: number): (() => Pace) => {
  const pace = { eventsPerSecond, sessions: Math.max(20, eventsPerSecond * 2) };
  return () => pace;
};

/** Sends a shop's events, as many as its pace says, by the way that everybody's events take. */
export function runSimulator(
  acceptor: Pick<Acceptor, 'accept'>,
  paceAt: (ms: number) => Pace,
  { seed, catalogueSeed }: { readonly seed: number; readonly catalogueSeed?: number },
  now: () => number,
  logger: Logger,
): RunningSimulator {
  const products = catalogueSeed === undefined ? {} : { catalogueSeed };
  const shop = new Shop({ seed, ...products });
  let due = 0;
  let lastMs = now();
  let busy: Promise<void> = Promise.resolve();
  let idle = true;
  const step = async (): Promise<void> => {
    const nowMs = now();
    const { eventsPerSecond, sessions } = paceAt(nowMs);
    // After a pause at most a second's events are made up for: real traffic does not come in floods.
    due = Math.min(due + ((nowMs - lastMs) * eventsPerSecond) / 1_000, Math.max(1, eventsPerSecond));
    lastMs = nowMs;
    const events: unknown[] = [];
    while (due >= 1) {
      const some = shop.next(nowMs, sessions);
      events.push(...some);
      due -= Math.max(1, some.length);
    }
    if (events.length > 0) await acceptor.accept(events.map((value) => ({ outcome: 'json', value })));
  };
  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    busy = step()
      .catch((error: unknown) => logger.warn({ error: String(error) }, 'simulated events could not be sent'))
      .finally(() => {
        idle = true;
      });
  }, STEP_MS);
  return {
    async stop() {
      clearInterval(timer);
      await busy;
    },
  };
}
