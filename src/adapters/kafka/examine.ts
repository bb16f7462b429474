import { kafkaClient, reaching } from './client/connect.ts';
import { kafkajs } from './client/kafkajs.ts';
import type { KafkaLogParts } from './kafka-log.ts';
import { deadLetterTopic } from './topics.ts';

export interface TopicFacts {
  readonly name: string;
  /** Undefined where it is not there yet. */
  readonly partitions: number | undefined;
  readonly timestamps: string | undefined;
  readonly retentionMs: number | undefined;
}

export interface KafkaFacts {
  readonly brokers: number;
  readonly topics: readonly TopicFacts[];
}

/** What the brokers say of the topics; makes none. @throws KafkaUnreachable */
export async function examineKafka(parts: KafkaLogParts): Promise<KafkaFacts> {
  const admin = kafkaClient(parts, parts.logger, () => false).admin();
  const names = [...Object.values(parts.topics), deadLetterTopic(parts.topics)];
  let facts: KafkaFacts = { brokers: 0, topics: [] };
  try {
    await reaching(parts, async () => {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      const there = new Set(await admin.listTopics());
      const existing = names.filter((name) => there.has(name));
      const topics = await Promise.all(
        names.map(async (name): Promise<TopicFacts> => {
          if (!existing.includes(name))
            return { name, partitions: undefined, timestamps: undefined, retentionMs: undefined };
          const { topics: found } = await admin.fetchTopicMetadata({ topics: [name] });
          const { resources } = await admin.describeConfigs({
            includeSynonyms: false,
            resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }],
          });
          const entry = (key: string): string | undefined =>
            resources[0]?.configEntries.find(({ configName }) => configName === key)?.configValue;
          const retention = Number(entry('retention.ms') ?? Number.NaN);
          return {
            name,
            partitions: found[0]?.partitions.length,
            timestamps: entry('message.timestamp.type'),
            retentionMs: Number.isNaN(retention) ? undefined : retention,
          };
        }),
      );
      facts = { brokers: brokers.length, topics };
    });
    return facts;
  } finally {
    await admin.disconnect();
  }
}
