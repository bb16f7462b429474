import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../docker/free-port.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { startProcess, type TestProcess } from '../support/system/processes.ts';
import { eventually, type Json, unique } from '../support/system/system.ts';

const ops = resolve(import.meta.dirname, '../../ops');
const dir = mkdtempSync(join(tmpdir(), 'cartpulse-prometheus-'));
let redis: TestRedis;
let shop: TestProcess;
let prometheus: ChildProcess;
let url: string;
let asking: NodeJS.Timeout;

/** Real Prometheus with the rules as they are, at a quicker pace, in front of a real shop. */
beforeAll(async () => {
  redis = await startRedis();
  const [port, metrics, listen] = [await freePort(), await freePort(), await freePort()];
  shop = startProcess('build/main.js', [], {
    REDIS_URL: redis.url,
    KEY_PREFIX: unique(),
    DATA_DIR: join(dir, 'data'),
    PORT: String(port),
    METRICS_PORT: String(metrics),
    SIMULATE: '50',
    LOG_LEVEL: 'silent',
  });
  const rules = readFileSync(join(ops, 'prometheus/rules.yml'), 'utf8').replaceAll(/for: \d+m/g, 'for: 1s');
  writeFileSync(join(dir, 'rules.yml'), rules);
  const config = {
    // A server that hangs is waited for two seconds.
    global: { scrape_interval: '3s', scrape_timeout: '3s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: [{ job_name: 'cartpulse', static_configs: [{ targets: [`127.0.0.1:${metrics}`] }] }],
  };
  writeFileSync(join(dir, 'prometheus.yml'), JSON.stringify(config));
  url = `http://127.0.0.1:${listen}`;
  prometheus = spawn(
    'prometheus',
    [
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/tsdb`,
      `--web.listen-address=127.0.0.1:${listen}`,
    ],
    { stdio: 'ignore' },
  );
  asking = setInterval(() => {
    fetch(`http://127.0.0.1:${port}/v1/engagement`).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
  }, 200);
});

afterAll(async () => {
  clearInterval(asking);
  const ended = once(prometheus, 'exit');
  prometheus.kill('SIGTERM');
  await Promise.all([ended, shop.kill('SIGTERM')]);
  await redis.close();
  rmSync(dir, { recursive: true, force: true });
});

async function query(expr: string): Promise<Json[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const body: Json = await response.json();
  if (body.status !== 'success') throw new Error(`${expr}: ${body.error}`);
  return body.data.result;
}

const firing = async (): Promise<string[]> =>
  (await query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric.alertname).sort();

test('every panel of the dashboard has something to show of a shop that sells', async () => {
  await eventually(
    'some scrapes',
    async () => (await query('count_over_time(up[1m])').catch(() => []))[0]?.value[1] > 6,
    90_000,
  );
  const { panels }: Json = JSON.parse(readFileSync(join(ops, 'grafana/dashboards/cartpulse.json'), 'utf8'));
  const queries: string[] = panels.flatMap(({ targets = [] }: Json) => targets.map(({ expr }: Json) => expr));
  expect(queries.length).toBeGreaterThan(20);
  // A week ago there was no shop.
  for (const expr of queries.filter((one) => !one.includes('offset')))
    expect([expr, (await query(expr)).length > 0]).toEqual([expr, true]);
});

test('no rule fires while all is well, and those of what is wrong do', async () => {
  // A busy machine may make it slow for a moment.
  await eventually('nothing to fire', async () => (await firing()).length === 0, 60_000);
  await redis.stop('SIGKILL');
  await eventually('the alert', async () => (await firing()).includes('DependencyDown'), 60_000);
  await redis.start();
  await eventually('the all-clear', async () => (await firing()).length === 0, 60_000);
});

test('all metrics that the rules ask for are there', async () => {
  const { groups }: Json = parse(readFileSync(join(ops, 'prometheus/rules.yml'), 'utf8'));
  const asked = groups.flatMap(({ rules }: Json) => rules.map(({ expr }: Json) => expr)).join(' ');
  for (const name of new Set<string>(asked.match(/\b(cartpulse|nodejs)_\w+/g)))
    expect([name, (await query(name)).length > 0]).toEqual([name, true]);
});
