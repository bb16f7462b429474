import type { Logger } from '../runtime/logger.ts';
import type { SimulatedEvent } from './shop.ts';

/** Appended at a time. */
const CHUNK = 1_000;
/** More than so many that wait to be counted would keep what is live waiting. */
const MOST_WAITING = 8_000;
const PAUSE_MS = 100;

/** Where the past goes: a lane of its own, which is closed behind it. */
interface Lane {
  append(events: readonly SimulatedEvent[]): Promise<void>;
  close(): Promise<void>;
}

interface FillParts {
  readonly lane: Lane;
  /** Events that the log has and nobody has counted. */
  readonly waiting: () => Promise<number>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly logger: Logger;
}

export interface RunningFill {
  /** When all of it is in the log, or what came before it was stopped. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

/** Brings the past in beside what is live, by the way that everybody's history takes. */
export function fillPast(events: Iterable<SimulatedEvent>, { lane, waiting, sleep, logger }: FillParts): RunningFill {
  let isStopped = false;
  const fill = async (): Promise<void> => {
    let chunk: SimulatedEvent[] = [];
    let all = 0;
    const flush = async (): Promise<void> => {
      await lane.append(chunk);
      all += chunk.length;
      chunk = [];
      while (!isStopped && (await waiting()) > MOST_WAITING) await sleep(PAUSE_MS);
    };
    for (const event of events) {
      if (isStopped) break;
      chunk.push(event);
      if (chunk.length >= CHUNK) await flush();
    }
    await flush();
    await lane.close();
    logger.info({ events: all }, 'the simulated shop has its past');
  };
  const done = fill().catch((error: unknown) =>
    logger.warn({ error: String(error) }, 'the past could not be brought in'),
  );
  return {
    done,
    async stop() {
      isStopped = true;
      await done;
    },
  };
}
