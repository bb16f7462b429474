import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { expect } from 'vitest';
import type { OracleEvent } from '../oracle/events.ts';
import { Oracle } from '../oracle/oracle.ts';
import { eventually, type TestSystem, unique } from '../system/system.ts';
import { expectAnswers } from './answers.ts';

type Logged = OracleEvent & { readonly control?: string; readonly at?: number };

/** Everything that a topic holds, by partition. */
async function read(brokers: readonly string[], topic: string): Promise<Map<number, Logged[]>> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const left = new Map(
    offsets.filter(({ high }) => high !== '0').map(({ partition, high }) => [partition, Number(high)]),
  );
  const records = new Map<number, Logged[]>(offsets.map(({ partition }) => [partition, []]));
  const consumer = kafka.consumer({ groupId: unique(), maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      if (Number(message.offset) >= (left.get(partition) ?? 0)) return;
      records.get(partition)?.push(JSON.parse(String(message.value)));
      if (Number(message.offset) + 1 === left.get(partition)) left.delete(partition);
    },
  });
  await eventually('the whole log', () => left.size === 0, 60_000);
  await consumer.disconnect();
  return records;
}

/**
 * The plain count of what the log holds: every event that was sent, at least once,
 * and the ticks that owners put in while nothing came. Where days are sent in
 * seconds, a pause of seconds lets a cart fall due that is bought moments later.
 */
export async function oracleOfLog(system: TestSystem, sent: readonly OracleEvent[]): Promise<Oracle> {
  const { KAFKA_BROKERS = [], KAFKA_EVENTS_TOPIC, PARTITIONS } = system.config;
  const oracle = new Oracle(PARTITIONS);
  const byId = new Map(sent.map((event) => [event.event_id, event]));
  const missing = new Set(byId.keys());
  for (const [partition, records] of await read(KAFKA_BROKERS, KAFKA_EVENTS_TOPIC))
    for (const record of records) {
      if (record.control === 'tick') oracle.tick(record.at ?? 0, partition);
      const event = byId.get(record.event_id);
      if (event === undefined) continue;
      if (missing.delete(event.event_id)) oracle.one(event);
      // A repeat changes nothing, but time has come to it: carts that were sent late, and are overdue, end with it.
      else oracle.tick(event.timestamp, partition);
    }
  // Stock and prices are on a topic of their own.
  for (const event of sent)
    if ((event.name === 'stock_update' || event.name === 'price_change') && missing.delete(event.event_id))
      oracle.one(event);
  expect([...missing].slice(0, 5)).toEqual([]);
  return oracle;
}

/** Where in `sent` the events of each partition stand, in the order of the log. */
export async function orderInLog(system: TestSystem, sent: readonly OracleEvent[]): Promise<number[][]> {
  const { KAFKA_BROKERS = [], KAFKA_EVENTS_TOPIC } = system.config;
  const indexes = new Map(sent.map(({ event_id }, index) => [event_id, index]));
  const partitions = [...(await read(KAFKA_BROKERS, KAFKA_EVENTS_TOPIC)).values()];
  return partitions.map((records) => records.flatMap(({ event_id }) => indexes.get(event_id) ?? []));
}

/**
 * Every answer against the plain count of the log. A cart of an event that was
 * sent again behind all others falls due with the next tick, which may come while
 * answers are compared: where the log has grown meanwhile, they are compared anew.
 */
export async function expectAnswersOfLog(
  system: TestSystem,
  sent: readonly OracleEvent[],
  range: string,
  timeoutMs: number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await system.settled(timeoutMs);
    const before = await system.system.log.ends();
    try {
      return await expectAnswers(system, await oracleOfLog(system, sent), range);
    } catch (error) {
      if (isSame(before, await system.system.log.ends()) || attempt === 5) throw error;
    }
  }
}

/**
 * Waits until all is counted and the log has stopped growing:
 * a tick for a cart that is due comes within a second or so.
 */
export async function untilStill(system: TestSystem, timeoutMs: number): Promise<void> {
  for (;;) {
    await system.settled(timeoutMs);
    const before = await system.system.log.ends();
    await sleep(2_000);
    if (isSame(before, await system.system.log.ends())) return;
  }
}

const isSame = (some: ReadonlyMap<string, string>, more: ReadonlyMap<string, string>): boolean =>
  [...more].every(([partition, end]) => some.get(partition) === end);
