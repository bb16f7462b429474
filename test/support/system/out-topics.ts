import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { type Json, type TestSystem, unique } from './system.ts';

export interface OutMessage {
  readonly key: string;
  readonly value: Json;
  /** When the topic took it. */
  readonly takenMs: number;
}

export interface OutReader {
  /** What has come so far, in order for each key. */
  messages(): Promise<OutMessage[]>;
  close(): Promise<void>;
}

const NAMES = { abandoned: 'carts.abandoned', recovered: 'carts.recovered', actions: 'actions.5s' } as const;

/** Reads a topic from its beginning as a consumer of one's own would: a Kafka topic, or the embedded log's stream. */
export async function readOut(system: TestSystem, redisUrl: string, topic: keyof typeof NAMES): Promise<OutReader> {
  const { config, prefix } = system;
  if (config.KAFKA_BROKERS === undefined) return readStream(redisUrl, `${prefix}:out:{${NAMES[topic]}}:entries`);
  const name = {
    abandoned: config.KAFKA_ABANDONED_TOPIC,
    recovered: config.KAFKA_RECOVERED_TOPIC,
    actions: config.KAFKA_ACTIONS_TOPIC,
  }[topic];
  return readTopic(config.KAFKA_BROKERS, name);
}

function readStream(redisUrl: string, key: string): OutReader {
  const redis = new Redis(redisUrl);
  return {
    async messages() {
      const entries = await redis.xrange(key, '-', '+');
      return entries.map(([id, [, own = '', , value = '']]) => ({
        key: own,
        value: JSON.parse(value),
        takenMs: Number.parseInt(id, 10),
      }));
    },
    async close() {
      redis.disconnect();
    },
  };
}

async function readTopic(brokers: readonly string[], topic: string): Promise<OutReader> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: unique(), maxWaitTimeInMs: 200 });
  const messages: OutMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      messages.push({
        key: message.key?.toString() ?? '',
        value: JSON.parse(message.value?.toString() ?? 'null'),
        takenMs: Number(message.timestamp),
      });
    },
  });
  return { messages: async () => [...messages], close: () => consumer.disconnect() };
}
