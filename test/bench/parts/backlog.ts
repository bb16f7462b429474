import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Shop } from '../../../src/simulator/shop.ts';
import { kafkaEnvironment } from '../../support/servers/kafka-environment.ts';
import { startProcess } from '../../support/system/processes.ts';
import { startSystem, unique } from '../../support/system/system.ts';
import { say } from './figures.ts';

const DAY_PART_MS = 12 * 3_600_000;

/** Events that wait in Kafka. */
export interface Backlog {
  /** Topics and settings that they were sent with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly topic: string;
  /** Shop events, those that tell of the stock apart. */
  readonly shopEvents: number;
  readonly total: number;
}

/** Twelve hours of a shop with 5,000 products and 3,000 sessions side by side, sent to topics of their own. */
export async function fillBacklog(
  redisUrl: string,
  broker: string,
  partitions: number,
  count: number,
): Promise<Backlog> {
  const environment = kafkaEnvironment(broker, partitions);
  const { system, close } = await startSystem(redisUrl, environment);
  const shop = new Shop({ seed: 5, products: 5_000, sessions: 3_000 });
  const start = Date.now() - DAY_PART_MS;
  let sent = 0;
  let nextSay = count / 5;
  for (let i = 0; sent < count; ) {
    const events: unknown[] = [];
    for (; events.length < 2_000; i++) events.push(...shop.next(Math.floor(start + (i * DAY_PART_MS) / count)));
    sent += (await system.acceptor().accept(events.map((value) => ({ outcome: 'json', value })))).accepted;
    if (sent < nextSay) continue;
    say(`filling the topic: ${sent} of ${count}`);
    nextSay += count / 5;
  }
  const { lag, partitions: each } = await system.monitor().check();
  await close();
  const shopEvents = each.filter((one) => one.topic === 'events').reduce((sum, one) => sum + one.lag, 0);
  return { environment, topic: environment['KAFKA_EVENTS_TOPIC'] ?? '', shopEvents, total: lag };
}

interface Counted {
  /** Events per second, from the first commit seen to the last. */
  readonly rate: number;
  /** Greatest resident memory of one consumer. */
  readonly memoryMb: number;
  /** CPU time of the consumers an event, start included. */
  readonly cpuUs: number;
}

/**
 * Consumer processes count the backlog into keys of their own, `npm start -- consume` as it is.
 * @param meanwhile what goes on beside, with the settings of a process that takes part
 */
export async function countBacklog(
  redisUrl: string,
  { environment, total }: Backlog,
  { consumers = 1, ...settings }: { readonly consumers?: number; readonly [setting: string]: string | number } = {},
  meanwhile?: (environment: Readonly<Record<string, string>>, isOver: () => boolean) => Promise<void>,
): Promise<Counted> {
  const own: Record<string, string> = { ...environment, KEY_PREFIX: unique(), KAFKA_GROUP: unique() };
  for (const [name, value] of Object.entries(settings)) own[name] = String(value);
  const { system, close } = await startSystem(redisUrl, own);
  const started = Array.from({ length: consumers }, () =>
    startProcess('build/main.js', ['consume'], { ...own, REDIS_URL: redisUrl, LOG_LEVEL: 'silent' }),
  );
  let over = false;
  const beside = meanwhile?.({ ...own, REDIS_URL: redisUrl, LOG_LEVEL: 'silent' }, () => over);
  let begun: { at: number; left: number } | undefined;
  let memoryMb = 0;
  for (;;) {
    const { lag } = await system.monitor().check();
    if (begun === undefined && lag < total) begun = { at: performance.now(), left: lag };
    memoryMb = Math.max(memoryMb, ...started.map(({ child }) => residentMb(child.pid)));
    if (lag === 0) break;
    // Looking costs Kafka and Redis time that counting is measured in.
    await sleep(500);
  }
  const rate = ((begun?.left ?? 0) / (performance.now() - (begun?.at ?? 0))) * 1_000;
  over = true;
  const cpuUs = (started.reduce((sum, { child }) => sum + cpuSeconds(child.pid), 0) * 1e6) / total;
  await beside;
  await Promise.all(started.map((consumer) => consumer.kill('SIGTERM')));
  await close();
  return { rate, memoryMb, cpuUs };
}

function residentMb(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(processFile(pid, 'status'))?.[1] ?? 0) / 1_024;
}

export function cpuSeconds(pid: number | undefined): number {
  const fields = processFile(pid, 'stat').split(' ');
  return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / 100;
}

/** Of Linux; elsewhere there is none, and the figure stays 0. */
function processFile(pid: number | undefined, name: 'status' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
