import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordBatchOf } from '../../src/ingestion/ports/record-batch.ts';
import { contentsOf } from '../support/compare/contents.ts';
import { feedInto, record } from '../support/core/feed.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { unique } from '../support/system/system.ts';

const partition = { topic: 'events', index: 0 } as const;
const morning = Date.parse('2026-11-20T08:00:00Z');
const arrived = Date.parse('2026-11-21T12:00:00Z');
const MIN = 60_000;

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

let ids = 0;
function seen(sessionId: string | undefined, minutes: number, importId?: string, userId = 'ann') {
  const event = {
    name: 'view_item',
    event_id: `e${++ids}`,
    user_id: userId,
    timestamp: morning + minutes * MIN,
    city: 'Oslo',
    ...(sessionId !== undefined && { session_id: sessionId }),
  };
  return record(ids, event, arrived, importId);
}

type Record = ReturnType<typeof record>;

/** Counts the batches, each with an owner of its own where `forgetful`. */
async function count(batches: readonly (readonly Record[])[], forgetful = false) {
  const prefix = unique();
  let feed = feedInto(redis.url, prefix);
  await feed.worker.claim(partition);
  for (const batch of batches) {
    await feed.worker.process(partition, recordBatchOf(batch));
    if (!forgetful) continue;
    feed.close();
    feed = feedInto(redis.url, prefix);
    await feed.worker.claim(partition);
  }
  feed.close();
  return { prefix, contents: await contentsOf(redis.client, prefix) };
}

const sessionsOf = ({ contents }: { contents: Map<string, unknown> }) =>
  Object.fromEntries(
    Object.entries(contents.get(':1:{0}:engagement:2026-11-20') ?? {}).filter(([field]) => !field.includes('|')),
  );

/** Fields under which a user's sessions lie that are not the newest, over all buckets. */
const besides = ({ contents }: { contents: Map<string, unknown> }) =>
  [...contents]
    .filter(([key]) => key.includes(':visitors:'))
    .flatMap(([, fields]) => Object.keys(fields ?? {}))
    .filter((field) => field.startsWith('s'))
    .sort();

describe('two sessions of a user side by side', () => {
  // The tablet's goes on after the phone's began, and the phone's after that; the third begins, and both go on again.
  const steps = [
    seen('tablet', 0),
    seen('phone', 5),
    seen('tablet', 10),
    seen('phone', 20),
    seen('desk', 30),
    seen('tablet', 40),
    seen('phone', 50),
    seen('desk', 60),
  ];

  test('each is counted once, with the time from its first event to its last', async () => {
    const counted = await count([steps]);
    expect(sessionsOf(counted)).toEqual({ events: '8', sessions: '3', session_ms: String((40 + 45 + 30) * MIN) });
    expect(besides(counted)).toEqual(['s["ann","phone"]', 's["ann","tablet"]']);
  });

  test.each([
    ['one by one', steps.map((step) => [step]), false],
    ['one by one, each by another owner', steps.map((step) => [step]), true],
    ['in twos', [steps.slice(0, 2), steps.slice(2, 4), steps.slice(4, 6), steps.slice(6)], false],
    ['in threes by other owners', [steps.slice(0, 3), steps.slice(3, 6), steps.slice(6)], true],
  ])('however the batches are cut, Redis holds the same: %s', async (_, batches, forgetful) => {
    expect((await count(batches, forgetful)).contents).toEqual((await count([steps])).contents);
  });
});

test('a session id that comes again after a day is a new session, and nothing of the old one is left', async () => {
  const DAY = 24 * 60;
  const counted = await count([
    [seen('phone', 0), seen('tablet', 1)],
    [seen('tablet', DAY - 10)],
    [seen('phone', DAY + 5)],
  ]);
  const days = [...counted.contents].filter(([key]) => /:engagement:\d{4}-\d\d-\d\d$/.test(key));
  expect(days.map(([, fields]) => Object.entries(fields ?? {}).find(([field]) => field === 'sessions')?.[1])).toEqual([
    '2',
    '1',
  ]);
  expect(besides(counted)).toEqual(['s["ann","tablet"]']);
});

test('visits without an id: the next begins where the last has been quiet for SESSION_TIMEOUT, and only the newest is kept', async () => {
  const counted = await count([[seen(undefined, 0)], [seen(undefined, 20)], [seen(undefined, 51)]]);
  expect(sessionsOf(counted)).toMatchObject({ sessions: '2', session_ms: String(20 * MIN) });
  expect(besides(counted)).toEqual([]);
});

describe('when an import ends', () => {
  const close = (importId: string) => record(++ids, { control: 'close' }, arrived, importId);

  test('its sessions go on in the live lane: those of a user who is not known there, the newest and one before it', async () => {
    const counted = await count([
      [seen('other', 8, undefined, 'ben')],
      [seen('phone', 0, 'i1'), seen('tablet', 5, 'i1')],
      [close('i1')],
      [seen('phone', 10)],
      [seen('tablet', 15)],
    ]);
    expect(sessionsOf(counted)).toMatchObject({ sessions: '3', session_ms: String(20 * MIN) });
    expect(besides(counted)).toEqual(['s["ann","phone"]']);
  });

  test('its sessions go on beside those of a user whom the live lane knows; a session that both know stays as it is there', async () => {
    const counted = await count([
      [seen('desk', 8), seen('shared', 9)],
      [seen('phone', 0, 'i2'), seen('shared', 1, 'i2'), seen('tablet', 5, 'i2')],
      [close('i2')],
      [seen('phone', 10)],
      [seen('tablet', 15)],
      [seen('shared', 20)],
      [seen('desk', 25)],
    ]);
    // Of the shared one each lane counts its own: 0 minutes in the import, 11 live.
    expect(sessionsOf(counted)).toMatchObject({ sessions: '5', session_ms: String((10 + 10 + 11 + 17) * MIN) });
    expect(besides(counted)).toEqual(['s["ann","desk"]', 's["ann","phone"]', 's["ann","tablet"]']);
  });
});

test('a session that is kept by itself goes on, also where its user has no newest one', async () => {
  const prefix = unique();
  const feed = feedInto(redis.url, prefix);
  await feed.worker.claim(partition);
  await feed.worker.process(partition, recordBatchOf([seen('phone', 0)]));
  feed.close();
  const [key = ''] = await redis.client.keys(`${prefix}:*:visitors:*`);
  const user = await redis.client.hget(key, 'uann');
  const [newest, lane, [id, [city, first, last, ...rest]]] = JSON.parse(user ?? '');
  expect(id).toBe('phone');
  await redis.client.hset(key, {
    uann: JSON.stringify([newest, lane]),
    's["ann","phone"]': JSON.stringify([city, newest + first, last, ...rest]),
  });
  const later = feedInto(redis.url, prefix);
  await later.worker.claim(partition);
  await later.worker.process(partition, recordBatchOf([seen('phone', 7)]));
  await later.worker.process(partition, recordBatchOf([seen('tablet', 9)]));
  await later.worker.process(partition, recordBatchOf([seen('phone', 10)]));
  later.close();
  expect(sessionsOf({ contents: await contentsOf(redis.client, prefix) })).toMatchObject({
    sessions: '2',
    session_ms: String(10 * MIN),
  });
});
