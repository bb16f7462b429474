import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { REES46 } from '../support/compare/duckdb.ts';
import { Engine } from '../support/engine/engine.ts';
import { expectGrafana } from '../support/engine/grafana.ts';
import {
  ADMIN_KEY,
  ComposedShop,
  type Container,
  processesOf,
  REDIS_PASSWORD,
  signal,
} from '../support/engine/shop.ts';
import { report } from '../support/runner/chaos.ts';
import { eventually, type Json } from '../support/system/system.ts';

const SERVICES = ['redis', 'kafka', 'api', 'consume', 'rollup'];
const ROLES = ['api', 'consume', 'rollup'];

// One story on one engine: each test goes on where the one before it ended.
const engine = new Engine();
const figures: Record<string, number | string> = {};
let shop: ComposedShop;
let sent = 0;
/** Of Grafana and Kafdrop there are none: they run where the images are those of the registry. */
let standIns = false;

beforeAll(async () => {
  await engine.start();
  shop = new ComposedShop(engine);
  const compose: Json = parse(readFileSync(join(shop.dir, 'docker-compose.yml'), 'utf8'), { merge: true });
  const node = /^FROM (\S+)/m.exec(readFileSync(join(shop.dir, 'docker/Dockerfile'), 'utf8'))?.[1] ?? '';
  const { redis, kafka, prometheus, grafana, kafdrop } = compose.services;
  const needed = [node, redis.image, kafka.image, prometheus.image];
  standIns = await engine.provideImages(needed, [grafana.image, kafdrop.image]);
  if (standIns) shop.forgetDigests();
  figures['base images'] = standIns ? 'stand-ins' : 'of the registry';
}, 600_000);

afterAll(async () => {
  await shop?.remove();
  await engine.remove();
  report('compose', figures);
}, 300_000);

async function timed<T>(name: string, work: Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await work;
  figures[`${name}, seconds`] = Math.round((Date.now() - began) / 100) / 10;
  return result;
}

async function allHealthy(timeoutMs = 120_000): Promise<void> {
  await eventually(
    'all services to be healthy',
    async () => (await Promise.all(SERVICES.map((service) => shop.health(service)))).every((one) => one === 'healthy'),
    timeoutMs,
  );
}

/** Sends events, and waits until as many are in the answers as were ever sent. */
async function eventsComeOut(count = 20): Promise<void> {
  await shop.send(
    Array.from({ length: count }, (_, i) => ({ event_id: `e${sent + i}`, name: 'view_item', user_id: `u${i}` })),
  );
  sent += count;
  await eventually(`${sent} events`, async () => (await shop.get('/v1/engagement'))?.events === sent, 60_000);
}

const inContainer = async (container: Container, ...command: string[]): Promise<string> =>
  engine.docker('exec', container.Id, ...command);

test('a clean clone builds an image for all roles once, without root and without what only builders need', async () => {
  shop.settings({ STORE_TIMEZONE: 'Europe/Berlin', FUNNELS: '{"gift":["visit","wheel_spun"]}', CART_TIMEOUT: '45m' });
  const built = await timed('build', shop.composed('--progress', 'plain', '--profile', 'tools', 'build', 'api'));
  expect(built.match(/exporting to image/g)?.length).toBe(1);
  const [image]: Json = JSON.parse(await engine.docker('image', 'inspect', 'cartpulse:0.1.0'));
  const [base]: Json = JSON.parse(await engine.docker('image', 'inspect', image.Config.Image || 'cartpulse:0.1.0'));
  expect(image.Config.User).toBe('node');
  const inImage = (...command: string[]): Promise<string> =>
    engine.docker('run', '--rm', '--entrypoint', command[0] ?? '', 'cartpulse:0.1.0', ...command.slice(1));
  const megabytes = async (path: string): Promise<number> =>
    Math.round(Number.parseInt(await inImage('du', '-sk', path), 10) / 1_024);
  const [all, duckdb] = [await megabytes('/app'), await megabytes('/app/node_modules/@duckdb')];
  figures['/app, MB'] = all;
  figures['DuckDB of it, MB'] = duckdb;
  figures['image, MB'] = Math.round(base.Size / 1e6);
  expect(all - duckdb).toBeLessThan(60);
  // What the archive is asked with is there for the image's own libc, and for no other.
  expect(duckdb).toBeLessThan(90);
  const ask =
    "import('@duckdb/node-api').then(async ({ DuckDBConnection: C }) => console.log(String(await (await C.create()).run('select 42').then((r) => r.getRows()))))";
  expect(await inImage('node', '-e', ask)).toBe('42');
}, 600_000);

test('all services are healthy, and an event comes out where it should', async () => {
  await timed('up until healthy', shop.composed('up', '-d', '--pull', 'never', '--wait'));
  await allHealthy();
  await timed('event out', eventsComeOut());
}, 300_000);

test('settings of .env reach every role', async () => {
  for (const service of ROLES) {
    const environment = await inContainer(await shop.container(service), 'env');
    expect(environment).toContain('CART_TIMEOUT=45m');
    expect(environment).toContain('STORE_TIMEZONE=Europe/Berlin');
    expect(environment).toMatch(/^REDIS_URL=redis:\/\/:/m);
  }
  const { meta }: Json = await (await shop.ask('/v1/funnel?funnel=gift')).json();
  expect(meta.timezone).toBe('Europe/Berlin');
});

test('no container has a root that can be written to, capabilities, new privileges, root, or no bounds', async () => {
  for (const service of SERVICES) {
    const container = await shop.container(service);
    const { HostConfig: host, NetworkSettings } = container;
    expect([service, host.ReadonlyRootfs, host.CapDrop, host.SecurityOpt]).toEqual([
      service,
      true,
      ['ALL'],
      ['no-new-privileges:true'],
    ]);
    expect([service, host.Memory > 0, host.PidsLimit > 0, host.RestartPolicy.Name]).toEqual([
      service,
      true,
      true,
      'unless-stopped',
    ]);
    expect([service, host.LogConfig.Type, host.LogConfig.Config]).toEqual([
      service,
      'local',
      { 'max-size': '10m', 'max-file': '5' },
    ]);
    const status = readFileSync(`/proc/${processesOf(container).at(-1)}/status`, 'utf8');
    expect([service, /^Uid:\t(\d+)/m.exec(status)?.[1]]).not.toEqual([service, '0']);
    expect(/^CapEff:\t(\w+)/m.exec(status)?.[1]).toBe('0000000000000000');
    expect(/^NoNewPrivs:\t(\d)/m.exec(status)?.[1]).toBe('1');
    const published = Object.values(NetworkSettings.Ports).flatMap((ports) => ports ?? []);
    expect(published.map(({ HostIp }) => HostIp)).toEqual(service === 'api' ? ['127.0.0.1'] : []);
  }
});

test('Redis and Kafka answer nobody without their passwords, and the controller nobody at all', async () => {
  const talk = (port: number, host: string, send: string): string =>
    `const s = require('net').connect(${port}, '${host}', () => s.write(${send}));
     s.on('data', (d) => { console.log('said', d.toString()); s.destroy(); }); s.on('error', (e) => console.log('error', e.code));
     s.on('close', () => console.log('closed')); setTimeout(() => s.destroy(), 2000);`;
  const node = (script: string): Promise<string> =>
    shop.composed('run', '--rm', '--no-deps', '-T', '--entrypoint', 'node', 'consume', '-e', script);
  expect(await node(talk(6379, 'redis', "'GET x\\r\\n'"))).toMatch(/NOAUTH/);
  // A request for metadata before anybody has said who they are: the broker hangs up.
  const metadata = 'Buffer.from([0,0,0,14,0,3,0,0,0,0,0,7,255,255,0,0,0,0])';
  const kafka = await node(talk(9092, 'kafka', metadata));
  expect(kafka).not.toContain('said');
  expect(kafka).toContain('closed');
  expect(await node(talk(9093, 'kafka', "'x'"))).toContain('ECONNREFUSED');
}, 120_000);

test('Redis keeps one file of what it holds, within a bound', async () => {
  const redis = await shop.container('redis');
  expect(await inContainer(redis, 'ls', '/data')).toBe('appendonlydir');
  expect(await inContainer(redis, 'redis-cli', 'config', 'get', 'maxmemory')).toContain(String(1_024 ** 3));
  expect(await inContainer(redis, 'redis-cli', 'config', 'get', 'maxmemory-policy')).toContain('noeviction');
});

test('as many consumers as .env says count, also after the next `up`; a scale of the moment does as well', async () => {
  await shop.composed('up', '-d', '--pull', 'never', '--wait', '--scale', 'consume=2');
  expect(await shop.containers('consume')).toHaveLength(2);
  await eventsComeOut();
  shop.settings({
    STORE_TIMEZONE: 'Europe/Berlin',
    FUNNELS: '{"gift":["visit","wheel_spun"]}',
    CART_TIMEOUT: '45m',
    CONSUMERS: '2',
  });
  for (let i = 0; i < 2; i++) {
    await shop.composed('up', '-d', '--pull', 'never', '--wait');
    expect(await shop.containers('consume')).toHaveLength(2);
  }
  await eventsComeOut();
}, 180_000);

test.each(['api', 'consume', 'rollup', 'redis', 'kafka'])(
  '%s is killed and comes back by itself, and nothing is lost',
  async (service) => {
    const before = await shop.container(service);
    // The first of its processes: the others end with it.
    process.kill(before.State.Pid, 'SIGKILL');
    await timed(
      `${service} killed until healthy`,
      eventually(
        `${service} to be back`,
        async () => {
          const { RestartCount, State } = await shop.container(service);
          return RestartCount > before.RestartCount && State.Health?.Status === 'healthy';
        },
        120_000,
      ),
    );
    await allHealthy();
    await eventsComeOut();
  },
  240_000,
);

test('health checks fail where a role, Redis or Kafka hangs, and the API says so within half a minute when its servers do', async () => {
  const hung = await Promise.all(['consume', 'rollup', 'redis', 'kafka'].map((service) => shop.container(service)));
  for (const one of hung) signal(one, 'SIGSTOP');
  await timed(
    'hanging until unhealthy',
    eventually(
      'all to be unhealthy',
      async () =>
        (await Promise.all(SERVICES.map((service) => shop.health(service)))).every((one) => one === 'unhealthy'),
      45_000,
    ),
  );
  // Roles that hang no more, while their servers still do.
  for (const one of hung.slice(0, 2)) signal(one, 'SIGCONT');
  const began = Date.now();
  await shop.composed('stop', '-t', '20', 'rollup');
  expect((await shop.container('rollup')).State.ExitCode).toBe(0);
  figures['stop while servers hang, seconds'] = Math.round((Date.now() - began) / 1_000);
  for (const one of hung.slice(2)) signal(one, 'SIGCONT');
  // Compose gives up on a container that is still unhealthy from before.
  await eventually(
    'all that runs to be healthy again',
    async () =>
      (await Promise.all(['redis', 'kafka', 'api', 'consume'].map((name) => shop.containers(name))))
        .flat()
        .every(({ State }) => State.Health?.Status === 'healthy'),
    60_000,
  );
  await shop.composed('up', '-d', '--pull', 'never', '--wait');
  await allHealthy();
  await eventsComeOut();
}, 300_000);

test('a signal that comes before a role has begun ends it at once', async () => {
  const id = (await shop.composed('run', '-d', '--no-deps', 'rollup')).trim().split('\n').at(-1) ?? '';
  const began = Date.now();
  await engine.docker('stop', '-t', '15', id);
  expect(Date.now() - began).toBeLessThan(10_000);
  await engine.docker('rm', id);
});

test('the commands that texts name run in the image: import, doctor, and rebuild as `npm start -- …`', async () => {
  const file = `${REES46}:/tmp/file.csv:ro`;
  const imported = await shop.composed('run', '--rm', '-T', '-v', file, 'api', 'import', 'rees46', '/tmp/file.csv');
  expect(imported).toMatch(/imp-[0-9a-f]{16}: 1000 rows/);
  const path = '/v1/engagement?from=2019-10-01&to=2019-10-02';
  await eventually('the imported events', async () => (await shop.get(path)).events === 1_000, 60_000);
  const api = await shop.container('api');
  expect(await inContainer(api, 'npm', 'start', '--', 'doctor')).toContain('cartpulse: 0 problems, 0 warnings');
  const rebuilt = await inContainer(api, 'npm', 'start', '--', 'rebuild');
  expect(rebuilt).toContain('the rebuilt answers are the live ones now');
  await eventually('the same after it', async () => (await shop.get(path)).events === 1_000, 60_000);
  await eventsComeOut();
}, 240_000);

test('the profile watch: Prometheus finds every container of every role, and all rules; Grafana shows the dashboard', async () => {
  const watching = ['prometheus', ...(standIns ? [] : ['grafana'])];
  await shop.composed('--profile', 'watch', 'up', '-d', '--pull', 'never', '--no-deps', '--wait', ...watching);
  const processes = (await Promise.all(ROLES.map((role) => shop.containers(role)))).flat().length;
  const prometheus = async (path: string): Promise<Json> =>
    (await fetch(`http://127.0.0.1:9090/api/v1/${path}`)).json();
  await eventually(
    'every process',
    async () => (await prometheus('query?query=sum(up)')).data.result[0]?.value[1] === String(processes),
    60_000,
  );
  const { data } = await prometheus('rules');
  expect(data.groups[0].rules.length).toBeGreaterThan(10);
  if (!standIns) await expectGrafana();
  await shop.composed('--profile', 'watch', 'stop', ...watching);
}, 300_000);

test('the profile tools: Redis Commander shows the keys, and may change none; Kafdrop shows the topics', async () => {
  await shop.composed('build', 'redis-commander');
  await shop.composed('--profile', 'tools', 'up', '-d', '--pull', 'never', '--no-deps', '--wait', 'redis-commander');
  expect((await fetch('http://127.0.0.1:8081/')).status).toBe(200);
  const { HostConfig: host } = await shop.container('redis-commander');
  expect([host.ReadonlyRootfs, host.CapDrop]).toEqual([true, ['ALL']]);
  if (!standIns) {
    await shop.composed('--profile', 'tools', 'up', '-d', '--pull', 'never', '--no-deps', '--wait', 'kafdrop');
    expect(await (await fetch('http://127.0.0.1:9000/')).text()).toContain('shop.events');
  }
  await shop.composed('--profile', 'tools', 'stop', 'redis-commander', ...(standIns ? [] : ['kafdrop']));
}, 300_000);

test('an import over HTTP finds room for its file, though the root is read-only', async () => {
  const body = readFileSync(REES46);
  const response = await shop.ask('/v1/imports/rees46?force=true', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'text/csv' },
  });
  expect([response.status, await response.json()]).toEqual([expect.any(Number), expect.anything()]);
  expect(response.status).toBeLessThan(300);
}, 120_000);

test('what is kept is there after down and up, and a SIGTERM ends each role with 0', async () => {
  const containers = await Promise.all(SERVICES.map((service) => shop.container(service)));
  const logs = engine.run('docker', ['logs', '-f', containers[2]?.Id ?? '']);
  await timed('stop', shop.composed('stop'));
  for (const service of ROLES) expect([service, (await shop.container(service)).State.ExitCode]).toEqual([service, 0]);
  expect((await shop.container('redis')).State.ExitCode).toBe(0);
  expect((await logs).output).toMatch(/cartpulse: stopped\n/);
  await shop.composed('down');
  await timed('up again until healthy', shop.composed('up', '-d', '--pull', 'never', '--wait'));
  expect((await shop.get('/v1/engagement')).events).toBe(sent);
  await eventsComeOut();
}, 240_000);

test('all services come back when the engine restarts', async () => {
  await engine.stop();
  await engine.start();
  await timed('engine restarted until healthy', allHealthy(300_000));
  await eventsComeOut();
}, 400_000);

test('no log holds a password', async () => {
  const logs = await shop.composed('logs', '--no-color');
  for (const secret of [ADMIN_KEY, REDIS_PASSWORD]) expect(logs).not.toContain(secret);
});

test('reset empties what is kept', async () => {
  await shop.composed('stop', ...ROLES);
  await shop.composed('run', '--rm', '-T', 'api', 'reset', '--yes');
  sent = 0;
  await shop.composed('up', '-d', '--pull', 'never', '--wait');
  expect((await shop.get('/v1/engagement')).events).toBe(0);
  await eventsComeOut();
}, 240_000);
