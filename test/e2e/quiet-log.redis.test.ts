import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startRedis } from '../support/servers/redis-server.ts';
import { WebhookReceiver } from '../support/servers/webhook-receiver.ts';
import { startProcess } from '../support/system/processes.ts';
import { eventually, type Json, unique } from '../support/system/system.ts';

const USER = 'ann-of-the-test';

test('no line of the log names a user, whatever happens to them: refused events, failing deliveries, failing requests, an erasure', async () => {
  const redis = await startRedis();
  const receiver = new WebhookReceiver();
  receiver.answers = [500];
  const [dataDir, port, hook] = [
    mkdtempSync(join(tmpdir(), 'cartpulse-quiet-')),
    await freePort(),
    await receiver.start(),
  ];
  const server = startProcess('build/main.js', [], {
    ...{ REDIS_URL: redis.url, KEY_PREFIX: unique(), DATA_DIR: dataDir, PORT: String(port), SIMULATE: '0' },
    LOG_LEVEL: 'trace',
    PARTITIONS: '1',
    WEBHOOKS: JSON.stringify([{ url: hook, secret: `whsec_${Buffer.from('s'.repeat(32)).toString('base64')}` }]),
  });
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, init);
  const post = (path: string, body: unknown, type = 'application/json'): Promise<Response> =>
    ask(path, { method: 'POST', headers: { 'Content-Type': type }, body: String(body) });
  const events = (...of: object[]): Promise<Response> => post('/v1/events', JSON.stringify(of));
  const path = `/v1/users/${USER}`;
  try {
    await eventually('it listens', () => server.output().includes('open http'));
    const items = [{ item_id: 'mug', price: 5 }];
    await events(
      { name: 'add_to_cart', user_id: USER, items, timestamp: Date.now() - 70 * 60_000 },
      { name: 'page_view', user_id: 'other' },
    );
    await events({ name: 'add_to_cart', user_id: USER, items: 'none' });
    await post('/v1/events', `{"user_id":"${USER}"`);
    const header = 'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session';
    await post('/v1/imports/rees46', `${header}\n2019-10-01 00:00:00 UTC,view,1,2,a.b,c,much,${USER},s\n`, 'text/csv');
    await eventually('a delivery to fail', () => receiver.received.length > 0, 60_000);
    expect(receiver.received[0]?.body).toContain(USER);
    for (const one of ['interactions?limit=much', 'interactions', 'export', 'nothing']) await ask(`${path}/${one}`);
    const kept: Json = await (await ask(`${path}/export`)).json();
    expect(kept.data.carts).toHaveLength(1);
    expect((await ask(path, { method: 'DELETE' })).status).toBe(202);
    await redis.stop('SIGKILL');
    expect((await ask(`${path}/interactions`)).status).toBe(503);
    expect((await events({ name: 'page_view', user_id: USER })).status).toBe(503);
  } finally {
    await server.kill('SIGTERM');
    await redis.close();
    receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
  const lines = server.output().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line) => line.includes(USER))).toEqual([]);
}, 180_000);
