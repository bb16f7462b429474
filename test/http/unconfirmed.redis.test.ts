import { expect, test } from 'vitest';
import { startRedis } from '../support/servers/redis-server.ts';
import { type Json, startSystem } from '../support/system/system.ts';

test('a log that confirms too late: the 503 says that the events may have been taken, and a repeat with their ids counts once', async () => {
  const redis = await startRedis();
  const system = await startSystem(redis.url, { PARTITIONS: '1' });
  await system.startCounting();
  const pid = Number(/process_id:(\d+)/.exec(await redis.client.info('server'))?.[1]);
  process.kill(pid, 'SIGSTOP');
  const response = await system.post({ name: 'sign_up', user_id: 'u' });
  process.kill(pid, 'SIGCONT');
  const body: Json = await response.json();
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '2']);
  expect(body.detail).toMatch(/may have taken some: send them again with the event_id of each/);
  expect(body.rejected).toMatchObject([
    { index: 0, retryable: true, event_id: expect.any(String), message: expect.stringContaining('may have taken it') },
  ]);
  const again = await system.post({ name: 'sign_up', user_id: 'u', event_id: body.rejected[0].event_id });
  expect(again.status).toBe(202);
  await system.settled();
  expect(await system.get('/v1/events/frequencies')).toEqual([{ name: 'sign_up', count: 1 }]);
  expect((await system.get('/v1/pipeline')).duplicates).toBe(1);
  await system.close();
  await redis.close();
});
