import { actionCounts, REALTIME_MS } from '../analytics/shared/realtime.ts';
import type { EventLog } from '../ingestion/ports/event-log.ts';
import type { Reader } from '../metrics/reader.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Calendar } from '../time/calendar.ts';

const WINDOW_MS = 5_000;
/** How long after its end a window is still waited for: events are on their way. */
const GRACE_MS = 2_000;
const MOST_AT_ONCE = 200;

/** Which process publishes, and up to where it has. */
export interface PublishingStore {
  /** Takes the lease or renews it; false while another process has it. */
  takeLease(): Promise<boolean>;
  releaseLease(): Promise<void>;
  published(): Promise<number | undefined>;
  advance(toMs: number): Promise<void>;
}

export interface PublishActionsParts {
  readonly store: PublishingStore;
  readonly reader: Reader;
  readonly calendar: Calendar;
  readonly log: Pick<EventLog, 'publish'>;
  /** The moment up to which all that had arrived is counted. */
  readonly asOf: () => Promise<number>;
  readonly now: () => number;
}

/**
 * Publishes windows of five seconds that have closed, oldest
 * first: one message a window, at least once, keyed by its start.
 * @returns how many
 */
export async function publishActions(parts: PublishActionsParts): Promise<number> {
  const { store, log, now, asOf } = parts;
  if (!(await store.takeLease())) return 0;
  const closedMs = Math.floor((Math.min(now(), await asOf()) - GRACE_MS) / WINDOW_MS) * WINDOW_MS;
  const published = await store.published();
  if (published === undefined) {
    await store.advance(closedMs);
    return 0;
  }
  // What lies further back than the last hour is not kept any more.
  const fromMs = Math.max(published, closedMs - REALTIME_MS);
  const toMs = Math.min(closedMs, fromMs + MOST_AT_ONCE * WINDOW_MS);
  const messages = await messagesOf(fromMs, toMs, parts);
  if (messages.length === 0) return 0;
  await log.publish('actions', messages);
  await store.advance(toMs);
  return messages.length;
}

async function messagesOf(fromMs: number, toMs: number, { reader, calendar }: PublishActionsParts) {
  const buckets = calendar.realtimeBuckets('5s', fromMs, toMs);
  const each = await reader.counters(actionCounts, { window: '5s', labels: buckets.map(({ label }) => label) });
  return buckets.map(({ startMs }, i) => {
    const start = calendar.format(startMs);
    const counts = Object.fromEntries([...(each[i] ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { key: start, value: JSON.stringify({ event_id: `actions-${startMs}`, start, counts }) };
  });
}

/** Publishes once a second until it is stopped; a failure is said and tried again. */
export function startPublishing(parts: PublishActionsParts, logger: Logger): { stop(): Promise<void> } {
  let busy: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    busy ??= publishActions(parts)
      .catch((error: unknown) => logger.warn({ error: String(error) }, 'closed windows wait to be published'))
      .finally(() => {
        busy = undefined;
      });
  }, 1_000);
  return {
    async stop() {
      clearInterval(timer);
      await busy;
      await parts.store.releaseLease().catch(() => undefined);
    },
  };
}
