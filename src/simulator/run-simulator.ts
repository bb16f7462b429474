import type { Acceptor } from '../ingestion/acceptor.ts';
import type { Logger } from '../runtime/logger.ts';
import { Shop } from './shop.ts';

const STEP_MS = 100;

export interface RunningSimulator {
  stop(): Promise<void>;
}

/** Lets a shop live at a rate of events per second, through the same door as everybody's events. */
export function runSimulator(
  acceptor: Acceptor,
  eventsPerSecond: number,
  seed: number,
  now: () => number,
  logger: Logger,
): RunningSimulator {
  const shop = new Shop({ seed, sessions: Math.max(20, eventsPerSecond * 2) });
  let owed = 0;
  let lastMs = now();
  let busy: Promise<void> = Promise.resolve();
  let idle = true;
  const step = async (): Promise<void> => {
    const nowMs = now();
    // After a pause the shop does not make up for lost time: a flood would be no believable traffic.
    owed = Math.min(owed + ((nowMs - lastMs) * eventsPerSecond) / 1_000, eventsPerSecond);
    lastMs = nowMs;
    const events: unknown[] = [];
    while (owed >= 1) {
      const some = shop.next(nowMs);
      events.push(...some);
      owed -= Math.max(1, some.length);
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
