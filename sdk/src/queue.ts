import type { NamedEvent } from './events.ts';

/** An event that waits to be sent. */
export interface Waiting {
  readonly event: NamedEvent;
  /** By this machine's clock, which may be wrong: only how long ago that was is sent. */
  readonly atMs: number;
  /** When it was sent without an answer, as the page was left. */
  readonly leftMs?: number;
}

/** Where events wait. Several pages may share it, so it is read anew each time. */
export interface Store {
  load(): readonly Waiting[];
  save(waiting: readonly Waiting[]): void;
}

export interface QueueSettings {
  readonly url: string;
  readonly store: Store;
  readonly headers?: Record<string, string>;
  readonly mostEvents: number;
  readonly mostCharacters: number;
  /** How long events are gathered. */
  readonly gatherMs: number;
  /** After each request, whatever came of it; `undone` are the events that it leaves. */
  readonly onAnswer?: (undone: number) => void;
  /** Told of events that are given up; the console is where nothing is given. */
  readonly onRefused?: OnRefused | undefined;
}

/** How many events the server refused and would refuse again, and its answer, which says why. */
export type OnRefused = (events: number, answer: string) => void;

const warn: OnRefused = (events, answer) => console.warn(`cartpulse refused events (${events}): ${answer}`);

export interface Queue {
  add(event: NamedEvent): void;
  flush(): Promise<void>;
  /** The events that go next, and their request's body. */
  next(): [batch: readonly Waiting[], body: string];
  /** Sends nothing more by itself. */
  stop(): void;
}

const SLOWEST_MS = 60_000;
const TIMEOUT_MS = 15_000;
/** As much as a browser still sends after its page has gone. */
const OUTLIVING = 20_000;

const bodyOf = (batch: readonly Waiting[]): string =>
  JSON.stringify(batch.map(({ event, atMs }) => ({ ...event, age_ms: Math.max(0, Date.now() - atMs) })));

/** Sends what waits, in batches, again and again until it was answered. */
export function createQueue(settings: QueueSettings): Queue {
  const { url, store, headers, mostEvents, mostCharacters, gatherMs, onAnswer, onRefused = warn } = settings;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let failures = 0;
  let isSending = false;

  const next = (): [readonly Waiting[], string] => {
    let batch = store.load().slice(0, mostEvents);
    let body = bodyOf(batch);
    while (body.length > mostCharacters && batch.length > 1) {
      batch = batch.slice(0, batch.length >> 1);
      body = bodyOf(batch);
    }
    return [batch, body];
  };

  const later = (ms: number): void => {
    if (timer !== undefined || isStopped) return;
    timer = setTimeout(() => {
      timer = undefined;
      void flush();
    }, ms);
  };

  const flush = async (): Promise<void> => {
    const [batch, body] = next();
    if (batch.length === 0 || isSending) return;
    isSending = true;
    const again = await send(body, batch.length);
    isSending = false;
    const done = again && new Set(batch.map(({ event }) => event.event_id).filter((id) => !again.includes(id)));
    if (done !== undefined) store.save(store.load().filter(({ event }) => !done.has(event.event_id)));
    failures = done?.size ? 0 : failures + 1;
    const left = store.load().length;
    if (left > 0) later(failures > 0 ? Math.min(SLOWEST_MS, 1_000 * 2 ** failures) * (0.5 + Math.random() / 2) : 0);
    onAnswer?.(left);
  };

  /** The ids of events that are to be sent again; undefined for all of them. */
  const send = async (body: string, events: number): Promise<unknown[] | undefined> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: headers ?? {},
        keepalive: body.length < OUTLIVING,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { status, ok } = response;
      if (status > 499 || status === 429 || status === 408) return undefined;
      const answer = await response.text();
      const rejected: Answer['rejected'] = ok ? JSON.parse(answer).rejected : [];
      const again = rejected.filter((one) => one.retryable).map((one) => one.event_id);
      // What is wrong with a request does not become better.
      const refused = ok ? rejected.length - again.length : events;
      // Apart from here: a fault of theirs has nothing sent again.
      if (refused > 0) queueMicrotask(() => onRefused(refused, answer));
      return again;
    } catch {
      return undefined;
    }
  };

  return {
    add(event) {
      store.save([...store.load(), { event, atMs: Date.now() }]);
      later(gatherMs);
    },
    flush,
    next,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

interface Answer {
  readonly rejected: readonly { readonly event_id: string; readonly retryable: boolean }[];
}
