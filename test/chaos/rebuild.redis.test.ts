import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAnswers } from '../support/compare/answers.ts';
import { checkRetail } from '../support/compare/imported.ts';
import type { OracleEvent } from '../support/oracle/events.ts';
import { Oracle } from '../support/oracle/oracle.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { cutOffImport } from '../support/suites/imports.ts';
import { readOut } from '../support/system/out-topics.ts';
import { asArrived, counted, PARTITIONS, rebuildOf } from '../support/system/rebuilds.ts';
import { sendAll } from '../support/system/sending.ts';
import { eventually, startSystem, unique } from '../support/system/system.ts';
import { simulated, simulatedRange } from '../support/traffic/simulated.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

test('a rebuild under another time zone gives its answers, says nothing again, and is never seen by halves', {
  timeout: 300_000,
}, async () => {
  const { environment, system, oracle, events, rebuild, compared, begun, progress, keysOf } = await counted(
    redis,
    12_000,
  );
  await expect(startSystem(redis.url, { ...environment, STORE_TIMEZONE: 'Asia/Dubai' })).rejects.toThrow(
    /STORE_TIMEZONE was UTC, now Asia\/Dubai.*npm start -- rebuild/,
  );
  const reader = await readOut(system, redis.url, 'abandoned');
  const said = (await reader.messages()).length;
  expect(said).toBeGreaterThan(100);
  let reads = 0;
  let over = false;
  const reading = (async () => {
    while (!over) {
      const rows: { name: string; count: number }[] = await system.get(
        `/v1/events/frequencies?limit=1000&${simulatedRange}`,
      );
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(events.length);
      reads += 1;
      await sleep(50);
    }
  })();
  const outcome = await rebuild(
    { STORE_TIMEZONE: 'Asia/Dubai' },
    {
      onCompared: (rows) => {
        over = true;
        compared.push(...rows);
      },
    },
  );
  await reading;
  expect(outcome).toEqual({ outcome: 'switched' });
  expect(reads).toBeGreaterThan(5);
  expect(begun).toEqual([{ generation: 2, resumed: false }]);
  // The consumers' own records (an order's claim) lie in the log as well.
  const { done, of } = progress.at(-1) ?? { done: 0, of: 0 };
  expect(done).toBe(of);
  expect(of).toBeGreaterThan(events.length);
  expect(compared.length).toBeGreaterThan(8);
  for (const { live, rebuilt } of compared) expect(rebuilt).toBe(live);
  await expect(system.system.superseded).resolves.toBeUndefined();
  await system.close();

  const moved = await startSystem(redis.url, { ...environment, STORE_TIMEZONE: 'Asia/Dubai' });
  await moved.startCounting();
  const range = simulatedRange.replace(/(\d{4}-\d\d-\d\d)/g, '$1T00:00:00Z');
  await expectAnswers(moved, oracle, range);
  expect((await reader.messages()).length).toBe(said);
  expect(await keysOf(1)).toEqual([]);
  // A cart of the time after the switch is said.
  const nowMs = Date.now();
  const items = [{ item_id: 'x', price: 1 }];
  await moved.post([
    { name: 'add_to_cart', user_id: 'late', timestamp: nowMs - 3_700_000, items },
    ...Array.from({ length: 20 }, (_, i) => ({ name: 'page_view', user_id: `other-${i}`, timestamp: nowMs })),
  ]);
  await eventually('the new cart', async () => (await reader.messages()).length === said + 1);
  await reader.close();
  await moved.close();
});

test('a rebuild that is stopped halfway goes on where it was; under other settings it starts over', {
  timeout: 300_000,
}, async () => {
  const { oracle, system, rebuild, begun, progress, keysOf, environment, events } = await counted(redis, 16_000);
  const halfway = async (changed: Record<string, string>) => {
    const stop = new AbortController();
    const onProgress = (done: number, of: number) => {
      progress.push({ done, of });
      if (done > 0 && done < of) stop.abort();
    };
    const outcome = await rebuild(changed, { signal: stop.signal, onProgress });
    expect(outcome).toEqual({ outcome: 'stopped' });
    expect(progress.at(-1)?.done).toBeLessThan(events.length);
  };
  await halfway({});
  await halfway({});
  expect(begun).toEqual([
    { generation: 2, resumed: false },
    { generation: 2, resumed: true },
  ]);
  await halfway({ SESSION_TIMEOUT: '10m' });
  expect(begun.at(-1)).toEqual({ generation: 3, resumed: false });
  expect(await keysOf(2)).toEqual([]);
  expect(await rebuild({})).toEqual({ outcome: 'switched' });
  expect(begun.at(-1)).toEqual({ generation: 4, resumed: false });
  expect(await keysOf(3)).toEqual([]);
  const moved = await startSystem(redis.url, environment);
  await expectAnswers(moved, oracle, simulatedRange);
  await system.close();
  await moved.close();
});

test('where the log has forgotten what is counted, a rebuild says how much would be lost and changes nothing', {
  timeout: 300_000,
}, async () => {
  const { system, oracle, rebuild, environment, events } = await counted(redis, 3_000);
  // What the retention does once its time has passed.
  const entries = `${environment.KEY_PREFIX}:log:{events-0}:entries`;
  const before = Number(await redis.client.xlen(entries));
  await redis.client.xtrim(entries, 'MAXLEN', 1);
  expect(before).toBeGreaterThan(1);
  const refused = await rebuild({}).then(String, String);
  const [, lost] = /no longer holds (\d+) records that the live answers have counted/.exec(refused) ?? [];
  expect(Number(lost), refused).toBeGreaterThan(1);
  await expectAnswers(system, oracle, simulatedRange);
  expect(await rebuild({}, { force: true })).toEqual({ outcome: 'switched' });
  const moved = await startSystem(redis.url, environment);
  const { missing, events: kept } = await moved.get('/v1/pipeline');
  expect(missing).toBe(Number(lost));
  // Some of what is missing are the consumers' own records.
  expect(kept).toBeGreaterThanOrEqual(events.length - missing);
  expect(kept).toBeLessThan(events.length);
  await system.close();
  await moved.close();
});

test('two rebuilds at once: the second one is told so', { timeout: 60_000 }, async () => {
  const { system, rebuild } = await counted(redis, 1_000);
  const stop = new AbortController();
  const first = rebuild({ STORE_TIMEZONE: 'Asia/Tokyo' }, { signal: stop.signal });
  await eventually('the first one to begin', async () => (await redis.client.keys('*rebuild-lease')).length > 0);
  await expect(rebuild({ STORE_TIMEZONE: 'Asia/Tokyo' })).rejects.toThrow('another process is rebuilding');
  await first;
  await system.close();
});

test('another number of partitions: the log is copied in its order, every answer is that of the plain count, the old log goes', {
  timeout: 300_000,
}, async () => {
  const again = new Oracle(7);
  const { system, oracle, events, rebuild, environment, keysOf } = await counted(redis, 8_000, lastOf(again));
  const changed = { ...environment, PARTITIONS: '7' };
  await expect(startSystem(redis.url, changed)).rejects.toThrow(/PARTITIONS was 4, now 7.*npm start -- rebuild/);
  await expect(rebuild({ PARTITIONS: '7' })).rejects.toThrow('with nobody at work');
  const reader = await readOut(system, redis.url, 'abandoned');
  const said = (await reader.messages()).length;
  const arrived = await asArrived(system, events);
  await system.close();
  // Accepted, and not counted yet.
  const waiting = Array.from({ length: 60 }, (_, i) => ({
    event_id: `waiting-${i}`,
    name: 'page_view',
    user_id: `waiting-${i}`,
    timestamp: events.at(-1)?.timestamp ?? 0,
  }));
  const accepting = await startSystem(redis.url, environment);
  await sendAll(accepting, waiting);
  await accepting.close();
  const copied: number[] = [];
  const stop = new AbortController();
  // Cut off while it copies, it starts over.
  const onCopied = (records: number): void => {
    copied.push(records);
    if (records > 2_000) stop.abort();
  };
  expect(await rebuild({ PARTITIONS: '7' }, { onCopied, signal: stop.signal })).toEqual({ outcome: 'stopped' });
  expect(copied.at(-1)).toBeLessThan(events.length);
  expect(await rebuild({ PARTITIONS: '7' })).toEqual({ outcome: 'switched' });
  const moved = await startSystem(redis.url, changed);
  await moved.startCounting();
  await moved.settled();
  again.feed([...arrived, ...waiting]);
  await expectAnswers(moved, again, simulatedRange);
  expect(again.said.length).toBe(oracle.said.length);
  expect((await reader.messages()).length).toBe(said);
  expect(await keysOf(1)).toEqual([]);
  expect(await redis.client.keys(`${environment.KEY_PREFIX}:log:{*-*`)).toEqual([]);
  expect(await redis.client.keys(`${environment.KEY_PREFIX}:log-3:*`)).toEqual([]);
  expect((await redis.client.keys(`${environment.KEY_PREFIX}:log-4:*`)).length).toBeGreaterThan(7);
  await reader.close();
  await moved.close();
});

test('an import that was cut off before the number of partitions changed is gone on with, and no line counts twice', {
  timeout: 300_000,
}, async () => {
  const environment = { KEY_PREFIX: unique(), LOG_RETENTION: '60d', PARTITIONS: String(PARTITIONS) };
  const changed = { ...environment, PARTITIONS: '7' };
  const { system, late } = await cutOffImport(redis, environment, {
    // In the old log the import begins behind these: in the new one, of more partitions, behind fewer.
    beforehand: async (shop) => sendAll(shop, simulated(8_000, new Oracle(PARTITIONS), PARTITIONS)),
    meanwhile: async (before) => {
      await before.settled();
      await before.close();
      expect(await rebuildOf(redis.url, changed)).toEqual({ outcome: 'switched' });
      const after = await startSystem(redis.url, changed);
      await after.startCounting();
      return after;
    },
  });
  expect(late).toMatchObject({ outcome: 'imported', report: { rows: 42_481 } });
  await checkRetail(system);
  await system.close();
});

/** An event in each partition that makes every open cart fall due. */
function lastOf(oracle: Oracle): OracleEvent[] {
  const users = new Map(Array.from({ length: 100 }, (_, i) => [oracle.partitionOf(`last-${i}`), `last-${i}`]));
  const timestamp = Math.floor(Date.now() / 86_400_000 - 1) * 86_400_000;
  return [...users.values()].map((user) => ({ event_id: user, name: 'page_view', user_id: user, timestamp }));
}
