import { freePort } from '../../../docker/free-port.ts';
import { Shop } from '../../../src/simulator/shop.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import type { TestRedis } from '../../support/servers/redis-server.ts';
import { startProcess } from '../../support/system/processes.ts';
import { eventually, unique } from '../../support/system/system.ts';
import type { Figure } from './figures.ts';
import { load } from './http-load.ts';

const BATCH = 500;
const SECONDS = 5;

/** Through one API process into Kafka, acknowledged by all of its replicas. */
export async function measureWrites(redis: TestRedis, broker: string): Promise<Figure[]> {
  const port = await freePort();
  const own = { ...kafkaEnvironment(broker, 4), KEY_PREFIX: unique(), REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  const api = startProcess('build/main.js', ['api'], { ...own, PORT: String(port) });
  await eventually('the API', () => api.output().includes('open http'));
  const shop = new Shop({ seed: 3, sessions: 500 });
  const events = Array.from({ length: 20_000 }, () => shop.next(Date.now() - 1_000)).flat();
  const batches = Array.from({ length: Math.floor(events.length / BATCH) }, (_, i) =>
    JSON.stringify(events.slice(i * BATCH, (i + 1) * BATCH)),
  );
  const singles = events.slice(0, 5_000).map((event) => JSON.stringify(event));
  let turn = 0;
  const next = (bodies: readonly string[]) => () => ({
    path: '/v1/events',
    body: bodies[turn++ % bodies.length] ?? '',
  });
  await load(port, 4, 1, next(batches));
  const batched = await load(port, 4, SECONDS, next(batches));
  const single = await load(port, 50, SECONDS, next(singles));
  await api.kill('SIGTERM');
  return [
    {
      what: 'POST in batches of 500 into Kafka',
      value: batched.perSecond * BATCH,
      unit: 'events/s',
      atLeast: 60_000,
      inQuickHour: true,
    },
    {
      what: 'POST of single events into Kafka',
      value: single.perSecond,
      unit: 'requests/s',
      atLeast: 5_000,
      inQuickHour: true,
    },
  ];
}
