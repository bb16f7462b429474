import kafkajs from 'kafkajs';
import { TopicMismatch } from './kafka-topics.ts';

/** No broker answers. */
export class KafkaUnreachable extends Error {
  readonly code = 'kafka-unreachable';
  readonly retryable = true;
}

/** Whatever the client throws while a process starts, also in its own words for a broker that went away meanwhile, means this. */
export async function reaching(brokers: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TopicMismatch || isRefusal(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new KafkaUnreachable(
      `Kafka does not answer at ${brokers.join(', ')} (${why}); start it, or set KAFKA_BROKERS to where it is`,
    );
  }
}

/** A broker answered, and will say the same again. */
function isRefusal(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSAggregateError) return true;
  return error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;
}
