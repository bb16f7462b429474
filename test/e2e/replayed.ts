import type { LogRecord } from '../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import type { TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';
import { hostileEvents } from '../support/traffic/hostile.ts';

export const partition = { topic: 'events', index: 0 } as const;
export const arrived = Date.parse('2026-11-20T12:00:00Z');

/** Live events, two imports among them that begin and end, ticks, and messages that are none. */
export function log(count: number, seed: number) {
  const start = arrived - 9 * 86_400_000;
  const live = hostileEvents(count, seed, start);
  const imported = hostileEvents(Math.floor(count / 3), seed + 1, start - 2 * 86_400_000);
  const recent = hostileEvents(Math.floor(count / 6), seed + 2, start + 3 * 3_600_000);
  const records = live.flatMap((event, i) => {
    const here: [unknown, string?][] = [[event]];
    if (imported[i]) here.push([imported[i], 'imp-old']);
    if (i === imported.length) here.push([{ control: 'close' }, 'imp-old']);
    if (recent[i]) here.push([recent[i], 'imp-recent']);
    if (i === recent.length) here.push([{ control: 'close' }, 'imp-recent']);
    if (i % 97 === 0) here.push(['{"not an event']);
    if (i % 61 === 0) here.push([{ control: 'tick', at: event.timestamp + 30_000 }]);
    return here;
  });
  return records.map(([value, importId], offset) => record(offset, value, arrived, importId));
}

/** What is in Redis once these records are counted in batches of these sizes; counted anew from the beginning where `replay` says so. */
export async function folded(
  redis: TestRedis,
  records: readonly LogRecord[],
  cuts: (from: number) => number,
  replay = false,
): Promise<Map<string, unknown>> {
  const prefix = unique();
  const { worker, close } = feedInto(redis.url, prefix);
  await worker.claim(partition);
  for (let from = 0; from < records.length; ) {
    const size = Math.max(1, cuts(from));
    await worker.process(partition, recordBatchOf(records.slice(from, from + size)));
    from += size;
  }
  if (replay) {
    await redis.client.del(...(await redis.client.keys(`${prefix}:*`)));
    await worker.claim(partition);
    await worker.process(partition, recordBatchOf(records));
  }
  close();
  return contentsOf(redis.client, prefix);
}
