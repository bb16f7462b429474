import type { Logger } from '../runtime/logger.ts';
import type { SimulatedEvent } from './shop.ts';

/** Appended at a time. */
const CHUNK = 1_000;
/** More than so many that wait to be counted would keep what is live waiting. */
const MOST_WAITING = 8_000;
const PAUSE_MS = 100;

/** Where a part of the past goes: a lane of its own, which is closed behind it. */
interface Lane {
  append(events: readonly SimulatedEvent[]): Promise<void>;
  close(): Promise<void>;
}

export interface PastPart {
  readonly events: Iterable<SimulatedEvent>;
  readonly lane: Lane;
}

interface FillParts {
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

/** Brings the past in beside what is live, part after part, by the way that everybody's history takes. */
export function fillPast(parts: readonly PastPart[], { waiting, sleep, logger }: FillParts): RunningFill {
  let isStopped = false;
  let all = 0;
  const fill = async ({ events, lane }: PastPart): Promise<void> => {
    let chunk: SimulatedEvent[] = [];
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
  };
  const fillAll = async (): Promise<void> => {
    for (const part of parts) if (!isStopped) await fill(part);
    logger.info({ events: all }, 'the simulated shop has its past');
  };
  const done = fillAll().catch((error: unknown) =>
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
