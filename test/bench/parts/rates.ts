import type { TestRedis } from '../../support/servers/redis-server.ts';
import { oneAtATime, parseOnly } from '../peers/plain-consumers.ts';
import { warmSpark } from '../peers/spark.ts';
import { countBacklog, fillBacklog } from './backlog.ts';
import { type Figure, say } from './figures.ts';
import { measureReadsBeside } from './reads-beside.ts';

const PARTITIONS = 4;
const MOST_ONE_AT_A_TIME = 60_000;

export const PARSE_ONLY = 'kafkajs and JSON.parse, nothing else';

/** A backlog counted by cartpulse and by others, in rounds by turns; the best of each, since machines are noisy. */
export async function measureRates(
  redis: TestRedis,
  broker: string,
  events: number,
  rounds: number,
): Promise<Figure[]> {
  const backlog = await fillBacklog(redis.url, broker, PARTITIONS, events);
  const best = { parse: 0, cartpulse: 0, one: 0, memoryMb: 0 };
  for (let round = 1; round <= rounds; round++) {
    best.parse = Math.max(best.parse, await parseOnly(broker, backlog));
    await redis.client.flushall();
    const { rate, memoryMb, cpuUs } = await countBacklog(redis.url, backlog);
    best.cartpulse = Math.max(best.cartpulse, rate);
    best.memoryMb = Math.max(best.memoryMb, memoryMb);
    await redis.client.flushall();
    best.one = Math.max(best.one, await oneAtATime(redis.url, broker, backlog, Math.min(events, MOST_ONE_AT_A_TIME)));
    const [parse, one, counted] = [best.parse, best.one, rate].map(Math.round);
    say(
      `round ${round}: cartpulse ${counted} events/s, ${cpuUs.toFixed(1)} µs of CPU an event, ${Math.round(memoryMb)} MB`,
    );
    say(`round ${round}: at best parse only ${parse} events/s, one at a time ${one} events/s`);
  }
  const spark = await warmSpark(broker, backlog);
  await redis.client.flushall();
  const reads = await measureReadsBeside(redis.url, backlog);
  await redis.client.flushall();
  return [...ratesOf(best, spark), ...reads];
}

interface Best {
  readonly parse: number;
  readonly cartpulse: number;
  readonly one: number;
  readonly memoryMb: number;
}

function ratesOf({ parse, cartpulse, one, memoryMb }: Best, spark: number | undefined): Figure[] {
  const unit = 'events/s';
  const what = 'cartpulse, every question';
  return [
    { what: PARSE_ONLY, value: parse, unit },
    { what: 'one event at a time, the same answers', value: one, unit },
    ...(spark === undefined ? [] : [{ what: 'Spark, warm, four aggregates', value: spark, unit }]),
    { what, value: cartpulse, unit, atLeast: 60_000, inQuickHour: true },
    { what, value: cartpulse / parse, unit: '× parse only', atLeast: 0.2 },
    { what, value: cartpulse / one, unit: '× one at a time', atLeast: 12 },
    ...(spark === undefined ? [] : [{ what, value: cartpulse / spark, unit: '× warm Spark', atLeast: 1.4 }]),
    { what: 'memory of the consumer', value: memoryMb, unit: 'MB', atMost: 350 },
  ];
}
