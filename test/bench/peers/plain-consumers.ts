import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { unique } from '../../support/system/system.ts';
import type { Backlog } from '../parts/backlog.ts';
import { writeOne } from './one-at-a-time.ts';

/** Reads the topic whole with kafkajs and JSON.parse, and does nothing else. @returns events per second */
export async function parseOnly(broker: string, { topic, shopEvents }: Backlog): Promise<number> {
  const consumer = clientOf(broker).consumer({ groupId: unique(), maxBytesPerPartition: 2 * 1_048_576 });
  let seen = 0;
  let begun = 0;
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const whole = new Promise<void>((done) => {
    void consumer.run({
      eachBatch: async ({ batch }) => {
        begun ||= performance.now();
        for (const { value } of batch.messages) JSON.parse(String(value));
        seen += batch.messages.length;
        if (seen >= shopEvents) done();
      },
    });
  });
  await whole;
  const rate = (seen / (performance.now() - begun)) * 1_000;
  await consumer.disconnect();
  return rate;
}

/** The same answers, written one event at a time, for the first `limit` events. @returns events per second */
export async function oneAtATime(redisUrl: string, broker: string, { topic }: Backlog, limit: number): Promise<number> {
  const plain = new Redis(redisUrl);
  const consumer = clientOf(broker).consumer({ groupId: unique() });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let seen = 0;
  let begun = 0;
  const enough = new Promise<void>((done) => {
    void consumer.run({
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch, heartbeat }) => {
        begun ||= performance.now();
        for (const { value } of batch.messages) {
          if (seen >= limit) return done();
          await writeOne(plain, JSON.parse(String(value)));
          seen += 1;
          if (seen % 1_000 === 0) await heartbeat();
        }
      },
    });
  });
  await enough;
  const rate = (seen / (performance.now() - begun)) * 1_000;
  await consumer.disconnect();
  plain.disconnect();
  return rate;
}

const clientOf = (broker: string) => new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
