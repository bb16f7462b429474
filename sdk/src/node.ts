import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventFields, EventName } from './events.ts';
import { createQueue, type OnRefused, type Waiting } from './queue.ts';

export interface NodeSettings {
  /** Where cartpulse is, such as `https://cartpulse.example`. */
  readonly url: string;
  /** A write key; none where the server has none. */
  readonly key?: string | undefined;
  /** So many events wait before `track` does. */
  readonly mostWaiting?: number;
  readonly mostPerRequest?: number;
  /** How long events are gathered. */
  readonly gatherMs?: number;
  /** Told of events that are given up, since the server would refuse them again. Where it is not given, the console is told. */
  readonly onRefused?: OnRefused;
}

export interface NodeClient {
  /** Resolves once there is room for the event: who awaits it sends no faster than the server takes. */
  track(name: EventName, fields: EventFields): Promise<void>;
  /** Resolves once all that was given to `track` has been answered. */
  flush(): Promise<void>;
  /** As `flush`, for at most this long; gives how many events were not answered in time. */
  close(timeoutMs?: number): Promise<number>;
}

/** Events of a server: batched, sent again until they were answered, and bounded in memory. */
export function createClient(settings: NodeSettings): NodeClient {
  const { url, key, mostWaiting = 5_000, mostPerRequest = 500, gatherMs = 100, onRefused } = settings;
  let waiting: readonly Waiting[] = [];
  let answered: (() => void)[] = [];
  const queue = createQueue({
    url: `${url}/v1/events`,
    headers: { 'Content-Type': 'application/json', ...(key !== undefined && { Authorization: `Bearer ${key}` }) },
    store: {
      load: () => waiting,
      save: (left) => {
        waiting = left;
      },
    },
    mostEvents: mostPerRequest,
    mostCharacters: 300_000,
    gatherMs,
    onRefused,
    onAnswer: () => {
      const waiters = answered;
      answered = [];
      for (const go of waiters) go();
    },
  });
  const anAnswer = (): Promise<void> => new Promise((go) => answered.push(go));
  const flush = async (): Promise<void> => {
    void queue.flush();
    while (waiting.length > 0) await anAnswer();
  };
  return {
    async track(name, fields) {
      while (waiting.length >= mostWaiting) await anAnswer();
      queue.add({ ...fields, name, event_id: fields.event_id ?? randomUUID() });
    },
    flush,
    async close(timeoutMs = 10_000) {
      const inTime = new AbortController();
      await Promise.race([flush(), sleep(timeoutMs, undefined, { signal: inTime.signal }).catch(() => undefined)]);
      inTime.abort();
      queue.stop();
      return waiting.length;
    },
  };
}
