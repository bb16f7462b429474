import { z } from 'zod';
import { type RebuildOptions, runRebuild } from '../../../src/app/upkeep/rebuild.ts';
import { readConfig } from '../../../src/config.ts';
import type { Compared } from '../../../src/rebuild/rebuild.ts';
import type { OracleEvent } from '../oracle/events.ts';
import { Oracle } from '../oracle/oracle.ts';
import type { TestRedis } from '../servers/redis-server.ts';
import { simulated } from '../traffic/simulated.ts';
import { sendAll } from './sending.ts';
import { eventually, silent, startSystem, type TestSystem, unique } from './system.ts';

const AT_ONCE = 1_000;
export const PARTITIONS = 4;

export const rebuildOf = (
  redisUrl: string,
  environment: Record<string, string>,
  options: Partial<RebuildOptions> = {},
) =>
  runRebuild(readConfig(environment), redisUrl, silent, {
    force: false,
    signal: new AbortController().signal,
    onCopied: () => undefined,
    onBegun: () => undefined,
    onProgress: () => undefined,
    onCompared: () => undefined,
    ...options,
  });

/** A counted installation on the embedded log, and a way to rebuild it. */
export async function counted(redis: TestRedis, count: number, last: readonly OracleEvent[] = []) {
  const environment = { KEY_PREFIX: unique(), LOG_RETENTION: '60d', PARTITIONS: String(PARTITIONS) };
  const system = await startSystem(redis.url, environment);
  await system.startCounting();
  const oracle = new Oracle(PARTITIONS);
  const events = [...simulated(count, oracle, PARTITIONS), ...last];
  oracle.feed(events);
  for (let from = 0; from < events.length; from += AT_ONCE) await sendAll(system, events.slice(from, from + AT_ONCE));
  await system.settled();
  const keysOf = (generation: number) => redis.client.keys(`${environment.KEY_PREFIX}:${generation}:*`);
  const isWaiting = async () => (await keysOf(1)).some((key) => key.includes('outbox:'));
  await eventually('all messages about carts are published', async () => !(await isWaiting()));
  const compared: Compared[] = [];
  const begun: { generation: number; resumed: boolean }[] = [];
  const progress: { done: number; of: number }[] = [];
  const rebuild = (changed: Record<string, string>, options: Partial<RebuildOptions> = {}) =>
    rebuildOf(
      redis.url,
      { ...environment, ...changed },
      {
        onBegun: (generation, resumed) => void begun.push({ generation, resumed }),
        onProgress: (done, of) => void progress.push({ done, of }),
        onCompared: (rows) => void compared.push(...rows),
        ...options,
      },
    );
  return { environment, system, oracle, events, rebuild, compared, begun, progress, keysOf };
}

const identified = z.looseObject({ event_id: z.string().optional() });

/** Events in the order in which the log has taken them: those of different partitions were sent side by side. */
export async function asArrived(
  { system: { log } }: TestSystem,
  events: readonly OracleEvent[],
): Promise<OracleEvent[]> {
  const byId = new Map(events.map((event) => [event.event_id, event]));
  const arrived: OracleEvent[] = [];
  for await (const { record } of log.replay(await log.begins(), await log.ends())) {
    const { event_id: id } = identified.parse(JSON.parse(Buffer.from(record.value ?? '').toString('utf8')));
    const event = byId.get(id);
    if (event !== undefined) arrived.push(event);
  }
  return arrived;
}
