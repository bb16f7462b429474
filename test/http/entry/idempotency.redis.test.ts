import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRedis } from '../../../src/adapters/redis/client/connection.ts';
import { RedisKeptAnswers } from '../../../src/adapters/redis/installation/kept-answers.ts';
import { Keyspace } from '../../../src/metrics/keyspace.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { type Json, startSystem, type TestSystem, unique } from '../../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
beforeAll(async () => {
  redis = await startRedis();
  system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
});
afterAll(async () => {
  await system.close();
  await redis.close();
});

const event = (name: string): Json => ({ name, user_id: 'u' });
const send = (key: string, body: unknown, path = '/v1/events?ids=true', headers = {}): Promise<Response> =>
  system.request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, ...headers },
    body: JSON.stringify(body),
  });
const countOf = async (name: string): Promise<number> => {
  await system.settled();
  const rows: Json[] = await system.get('/v1/events/frequencies?limit=1000');
  return rows.find((row) => row.name === name)?.count ?? 0;
};

describe('a POST with an Idempotency-Key', () => {
  test('is done once: its repeats get the first answer', async () => {
    const first = await send('once', event('sign_up'));
    const answer: Json = await first.json();
    expect([first.status, answer.event_ids.length, first.headers.get('Idempotency-Replayed')]).toEqual([202, 1, null]);
    for (let i = 0; i < 3; i++) {
      const again = await send('once', event('sign_up'));
      expect([again.status, await again.json()]).toEqual([202, answer]);
      expect(again.headers.get('Idempotency-Replayed')).toBe('true');
      expect(again.headers.get('Content-Type')).toBe('application/json');
      expect(again.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await countOf('sign_up')).toBe(1);
  });

  test('is refused where the key was used for another request, in plain words', async () => {
    await send('other', event('first'));
    for (const response of [await send('other', event('second')), await send('other', event('first'), '/v1/events')]) {
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        type: '/problems/key-used-differently',
        detail:
          'This Idempotency-Key was used for another request within the last day; make a new one for each request',
      });
    }
    expect([await countOf('first'), await countOf('second')]).toEqual([1, 0]);
  });

  test('that was refused may be sent again: only what was done is kept', async () => {
    expect((await send('mended', { name: 'No' })).status).toBe(400);
    expect((await send('mended', event('mended'))).status).toBe(202);
    expect(await countOf('mended')).toBe(1);
  });

  test('is done once also where many send it at the same time: the others are told to wait', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => send('crowd', event('crowd'))));
    const statuses = all.map(({ status }) => status);
    expect(statuses.filter((status) => status === 202).length).toBeGreaterThan(0);
    for (const response of all.filter(({ status }) => status !== 202)) {
      expect([response.status, response.headers.get('Retry-After')]).toEqual([409, '1']);
      expect(await response.json()).toMatchObject({ type: '/problems/still-running' });
    }
    expect(await countOf('crowd')).toBe(1);
  });

  test('of another client or for another path is another request', async () => {
    await send('shared', event('mine'));
    expect((await send('shared', event('theirs'), '/v1/events', { Authorization: 'Bearer other' })).status).toBe(202);
    const hook = await send('shared', { url: 'https://shop.example/hook' }, '/v1/webhooks');
    expect(hook.status).toBe(201);
    expect(await (await send('shared', { url: 'https://shop.example/hook' }, '/v1/webhooks')).json()).toEqual(
      await hook.json(),
    );
  });

  test('is an import as well: the report comes again instead of a 409', async () => {
    const csv = `event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n2019-10-01 00:00:00 UTC,view,1,2,a.b,c,1.00,3,4\n`;
    const bring = (body: string) =>
      system.request('/v1/imports/rees46', {
        method: 'POST',
        headers: { 'Content-Type': 'text/csv', 'Idempotency-Key': 'file' },
        body,
      });
    const report: Json = await (await bring(csv)).json();
    expect(report).toMatchObject({ rows: 1, events: 1 });
    expect(await (await bring(csv)).json()).toEqual(report);
    expect((await bring(`${csv}2019-10-01 00:00:01 UTC,view,1,2,a.b,c,1.00,3,4\n`)).status).toBe(422);
  });

  test.each(['', 'with space', 'x'.repeat(256)])('that is no key is a 400: %j', async (key) => {
    expect(await (await send(key, event('bad'))).json()).toMatchObject({ errors: [{ path: 'Idempotency-Key' }] });
  });
});

describe('kept answers', () => {
  const day = 86_400_000;
  let nowMs = 1_000_000_000;
  const answer = (text: string) => ({ fingerprint: 'f', status: 200, type: 't', text });
  const kept = (bounds?: ConstructorParameters<typeof RedisKeptAnswers>[3]) =>
    new RedisKeptAnswers(redis.client, new Keyspace(unique(), 1, 1), () => nowMs, bounds);

  test('are forgotten after a day', async () => {
    const answers = kept();
    await answers.claim('a', '1');
    await answers.end('a', '1', answer('first'));
    nowMs += day - 1;
    expect(await answers.claim('a', '2')).toEqual({ outcome: 'done', answer: answer('first') });
    nowMs += 1;
    expect(await answers.claim('a', '3')).toEqual({ outcome: 'begun' });
  });

  test('of a process that died are taken over after a minute, and what it says then is not heard', async () => {
    const answers = kept();
    await answers.claim('a', 'dead');
    nowMs += 59_999;
    expect(await answers.claim('a', '2')).toEqual({ outcome: 'running' });
    nowMs += 1;
    expect(await answers.claim('a', '3')).toEqual({ outcome: 'begun' });
    await answers.end('a', 'dead', answer('late'));
    expect(await answers.claim('a', '4')).toEqual({ outcome: 'running' });
  });

  test('take no more room than they may: the oldest go, those under way stay', async () => {
    for (const bounds of [
      { mostAnswers: 4, mostBytes: 1_000_000 },
      { mostAnswers: 1_000, mostBytes: 4 * 160 },
    ]) {
      const answers = kept(bounds);
      await answers.claim('running', '1');
      for (let i = 0; i < 20; i++) {
        nowMs += 1;
        await answers.claim(`a${i}`, '1');
        await answers.end(`a${i}`, '1', answer('x'.repeat(100)));
      }
      expect((await answers.claim('a19', '2')).outcome).toBe('done');
      expect((await answers.claim('a0', '2')).outcome).toBe('begun');
      expect((await answers.claim('running', '2')).outcome).toBe('running');
    }
  });

  test('lie in two keys of the installation, whose bytes are known', async () => {
    const prefix = unique();
    const client = connectRedis(redis.url);
    const answers = new RedisKeptAnswers(client, new Keyspace(prefix, 1, 1), () => nowMs);
    for (const name of ['a', 'b', 'c']) {
      await answers.claim(name, '1');
      await answers.end(name, '1', name === 'c' ? undefined : answer('text'));
    }
    const keys = [`${prefix}:{installation}:answered`, `${prefix}:{installation}:answered-times`];
    expect((await redis.client.keys(`${prefix}:*`)).sort()).toEqual(keys);
    const { '#bytes': bytes, ...all } = await redis.client.hgetall(keys[0] ?? '');
    expect(Number(bytes)).toBe(Object.values(all).join('').length);
    expect(Object.keys(all).sort()).toEqual(['a', 'b']);
    client.disconnect();
  });
});
