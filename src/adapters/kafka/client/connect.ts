import type { Kafka, LoggerEntryContent } from 'kafkajs';
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

/**
 * Connects to nothing yet.
 * @param isOpen until then what fails is told by whoever opens it, once; the client itself says it at each try
 */
export function kafkaClient(brokers: readonly string[], logger: Logger, isOpen: () => boolean = () => true): Kafka {
  return new kafkajs.Kafka({
    clientId: 'cartpulse',
    brokers: [...brokers],
    connectionTimeout: 5_000,
    socketFactory: brokerSocket,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 },
    logCreator: () => logTo(logger, isOpen),
  });
}

/**
 * Whatever the client throws while a process starts, also in its
 * own words for a broker that went away meanwhile, means this.
 */
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
function logTo(logger: Logger, isOpen: () => boolean) {
  const { logLevel } = kafkajs;
  return ({ level, log }: { level: number; log: LoggerEntryContent }): void => {
    // The logger has a moment of its own.
    const { message, timestamp: _, ...details } = log;
    if (level === logLevel.ERROR && isOpen()) logger.warn({ ...details, stack: undefined }, `kafka: ${message}`);
    else logger.debug(details, `kafka: ${message}`);
  };
}
