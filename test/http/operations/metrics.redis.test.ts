import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../docker/free-port.ts';
import { startRedis, type TestRedis } from '../../support/servers/redis-server.ts';
import { startProxy } from '../../support/servers/tcp-proxy.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, type Json, startSystem, unique } from '../../support/system/system.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** The value of a sample, by its name and labels as they are written. */
const sampleOf = (text: string, sample: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length));
};

test('the shop’s hour in /metrics is that of the answers', async () => {
  const system = await startSystem(redis.url);
  try {
    await system.startCounting();
    const items = [{ item_id: 'i1', price: 9.5, quantity: 2 }];
    await system.post([
      ...['view_item', 'add_to_cart', 'begin_checkout'].map((name) => ({ name, user_id: 'a', items })),
      { name: 'purchase', user_id: 'a', transaction_id: 't1', items },
      { name: 'view_item', user_id: 'b', items },
      { name: 'add_to_cart', user_id: 'c', items },
    ]);
    await system.settled();
    const text = await (await system.request('/metrics')).text();
    // An hour may end while this runs.
    const of = (name: string, labels = ''): number =>
      ['current', 'last'].reduce(
        (sum, which) => sum + (sampleOf(text, `cartpulse_shop_${name}{hour="${which}"${labels}}`) ?? 0),
        0,
      );
    expect([of('orders'), of('revenue', ',currency="USD"')]).toEqual([1, 19]);
    expect([of('sessions'), of('carts'), of('carts_abandoned')]).toEqual([3, 2, 0]);
    expect(of('conversion_ratio')).toBeCloseTo(1 / 3);
    expect((await system.get('/v1/revenue')).orders).toBe(1);
    expect(sampleOf(text, 'cartpulse_counting_duration_seconds_count{stage="commit"}')).toBeGreaterThan(0);
    expect(sampleOf(text, 'cartpulse_redis_used_bytes{node="0"}')).toBeGreaterThan(100_000);
  } finally {
    await system.close();
  }
});

test('METRICS_PORT: a process of any role tells its health and what it measures, without a key', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cartpulse-metrics-'));
  const [port, metrics] = [await freePort(), await freePort()];
  const settings = { REDIS_URL: redis.url, KEY_PREFIX: unique(), DATA_DIR: dataDir, ADMIN_KEYS: 'admin-key' };
  const consume = startProcess('build/main.js', ['consume'], { ...settings, METRICS_PORT: String(metrics) });
  const apiMetrics = await freePort();
  const api = startProcess('build/main.js', ['api'], {
    ...settings,
    PORT: String(port),
    METRICS_PORT: String(apiMetrics),
  });
  try {
    for (const one of [consume, api])
      await eventually('it to start', () => one.output().includes('health and metrics at'));
    const ready: Json = await (await fetch(`http://127.0.0.1:${metrics}/health/ready`)).json();
    expect(ready).toEqual({ status: 'ok', dependencies: { redis: 'ok', log: 'ok' } });
    await fetch(`http://127.0.0.1:${port}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer admin-key' },
      body: JSON.stringify({ name: 'view_item', user_id: 'u1' }),
    });
    await fetch(`http://127.0.0.1:${port}/nothing/here`);
    const read = async (of: number): Promise<string> => (await fetch(`http://127.0.0.1:${of}/metrics`)).text();
    await eventually('the batch to be measured', async () =>
      (await read(metrics)).includes('cartpulse_counting_duration_seconds_count{stage="fold"}'),
    );
    const counting = await read(metrics);
    expect(counting).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    expect(counting).toContain('cartpulse_dependency_up{dependency="redis"} 1');
    expect(counting).not.toContain('cartpulse_shop_');
    const answering = await read(apiMetrics);
    const requests = 'cartpulse_http_request_duration_seconds_count';
    expect(sampleOf(answering, `${requests}{method="POST",route="/v1/events",status="202"}`)).toBe(1);
    expect(sampleOf(answering, `${requests}{method="GET",route="other",status="404"}`)).toBe(1);
    expect(answering).toContain('cartpulse_shop_orders{hour="last"} 0');
    // What is for a private network alone tells no more than that.
    expect((await fetch(`http://127.0.0.1:${apiMetrics}/v1/revenue`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(401);
  } finally {
    await Promise.all([consume.kill('SIGTERM'), api.kill('SIGTERM')]);
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test('how long Redis takes to answer is measured at every reading, and gone where it does not answer', async () => {
  const proxy = await startProxy(redis.port);
  const system = await startSystem(`redis://127.0.0.1:${proxy.port}`);
  const answered = async (): Promise<number | undefined> => {
    const text = await (await system.request('/metrics')).text();
    const found = /^cartpulse_dependency_answer_seconds\{dependency="redis"\} (\S+)$/m.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  expect(await answered()).toBeLessThan(0.3);
  proxy.fault = { kind: 'latency', ms: 400 };
  expect(await answered()).toBeGreaterThan(0.4);
  proxy.fault = { kind: 'half-open' };
  expect(await answered()).toBeUndefined();
  proxy.fault = { kind: 'none' };
  proxy.endAll('cut');
  await eventually('Redis to answer again', async () => ((await answered()) ?? 1) < 0.3);
  await system.close();
  await proxy.close();
});
