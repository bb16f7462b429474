import type { Admin, ITopicConfig } from 'kafkajs';
import type { PartitionId } from '../../events/partition.ts';
import type { OutTopic } from '../../ingestion/ports/event-log.ts';
import type { Logger } from '../../runtime/logger.ts';
import { backoff, retry } from '../../runtime/retry.ts';
import { isUnauthorized } from './client/explain.ts';
import { kafkajs } from './client/kafkajs.ts';

/** What the installation's topics are called. */
export type Topics = Readonly<Record<PartitionId['topic'] | OutTopic, string>>;

/** The topics don't fit this installation. */
export class TopicMismatch extends Error {
  readonly code = 'topic-mismatch';
  readonly retryable = false;
}

export const deadLetterTopic = ({ events }: Topics): string => `${events}.dlq`;

/** Makes the topics that are absent. @throws TopicMismatch */
export async function ensureTopics(admin: Admin, topics: Topics, partitions: number, logger: Logger): Promise<void> {
  const wanted = [
    { topic: topics.events, numPartitions: partitions },
    { topic: topics.inventory, numPartitions: partitions },
    { topic: topics.abandoned, numPartitions: partitions },
    { topic: topics.recovered, numPartitions: partitions },
    { topic: topics.actions, numPartitions: 1 },
    { topic: deadLetterTopic(topics), numPartitions: 1 },
  ];
  const counted: readonly string[] = [topics.events, topics.inventory];
  const existing = new Set(await admin.listTopics());
  // A replay must see the arrival times that the first reading saw, so they come from the log.
  const configEntries = [{ name: TIMES, value: 'LogAppendTime' }];
  const absent = wanted.filter(({ topic }) => !existing.has(topic)).map((topic) => ({ ...topic, configEntries }));
  await createTopics(admin, absent);
  const { topics: found } = await admin.fetchTopicMetadata({ topics: wanted.map(({ topic }) => topic) });
  for (const { topic, numPartitions } of wanted) {
    const has = found.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (has !== numPartitions && counted.includes(topic)) {
      throw new TopicMismatch(
        `topic ${topic} has ${has} partitions, PARTITIONS says ${numPartitions}; set PARTITIONS=${has} or use another topic. ` +
          'Where it is counted already, `npm start -- rebuild` copies it into new ones',
      );
    }
  }
  for (const name of counted) if (existing.has(name)) await requireOwnTimes(admin, name);
  if (absent.length > 0) logger.info({ topics: absent.map(({ topic }) => topic) }, 'made topics');
}

const TIMES = 'message.timestamp.type';

/** A producer whose clock is fast would have carts of others fall due. @throws TopicMismatch */
async function requireOwnTimes(admin: Admin, name: string): Promise<void> {
  const times = await timesOf(admin, name);
  if (times === undefined || times === 'LogAppendTime') return;
  throw new TopicMismatch(
    `topic ${name} has its producers' times (${times}), by which carts would fall due; let it have the log's: ` +
      `kafka-configs.sh --bootstrap-server HOST:PORT --alter --entity-type topics --entity-name ${name} --add-config ${TIMES}=LogAppendTime`,
  );
}

/** Undefined where this user may not ask: `npm start -- doctor` says so. */
async function timesOf(admin: Admin, name: string): Promise<string | undefined> {
  const { TOPIC: type } = kafkajs.ConfigResourceTypes;
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type, name, configNames: [TIMES] }],
    });
    return resources[0]?.configEntries[0]?.configValue;
  } catch (error) {
    if (isUnauthorized(error)) return undefined;
    throw error;
  }
}

/** Waits until the broker serves them: a busy one knows a moment later what it has just made. */
async function createTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  if (topics.length === 0) return;
  await admin.createTopics({ topics: [...topics], waitForLeaders: false });
  const waitMs = (failures: number): number => backoff(failures, { firstMs: 100, longestMs: 2_000 });
  for (const { topic } of topics) await retry(() => admin.fetchTopicOffsets(topic), { attempts: 8, waitMs });
}

export async function deleteTopics(admin: Admin, topics: Topics): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const ours = [...Object.values(topics), deadLetterTopic(topics)].filter((topic) => existing.has(topic));
  if (ours.length > 0) await admin.deleteTopics({ topics: ours });
}
