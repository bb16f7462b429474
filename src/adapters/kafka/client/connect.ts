import type { Kafka } from 'kafkajs';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { TopicMismatch } from '../topics.ts';
import { brokerSocket } from './broker-socket.ts';
import { kafkajs } from './kafkajs.ts';

/** No broker answers. */
export class KafkaUnreachable extends Error {
  readonly code = 'kafka-unreachable';
  readonly retryable = true;
}

/** Connects to nothing yet. */
export function kafkaClient(brokers: readonly string[], logger: Logger): Kafka {
  return new kafkajs.Kafka({
    clientId: 'cartpulse',
    brokers: [...brokers],
    connectionTimeout: 5_000,
    socketFactory: brokerSocket,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 },
    logCreator: () => logTo(logger),
  });
}

/** Whatever the client throws while a process starts, also in its own words for a broker that went away meanwhile, means this. */
export async function reaching(brokers: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TopicMismatch || isRefusal(error)) throw error;
    throw new KafkaUnreachable(
      `Kafka does not answer at ${brokers.join(', ')} (${messageOf(error)}); start it, or set KAFKA_BROKERS to where it is`,
    );
  }
}

/** A broker answered, and will say the same again. */
function isRefusal(error: unknown): boolean {
  if (error instanceof kafkajs.KafkaJSAggregateError) return true;
  return error instanceof kafkajs.KafkaJSProtocolError && !error.retriable;
}

/** The client calls errors what it tries again by itself. */
function logTo(logger: Logger) {
  const { logLevel } = kafkajs;
  return ({ level, log }: { level: number; log: { message: string } }): void => {
    const { message, ...details } = log;
    if (level === logLevel.ERROR) logger.warn({ ...details, stack: undefined }, `kafka: ${message}`);
    else logger.debug(details, `kafka: ${message}`);
  };
}
