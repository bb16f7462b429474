import type { Kafka, LoggerEntryContent, SASLOptions } from 'kafkajs';
import type { Logger } from '../../../runtime/logger.ts';
import { TopicMismatch } from '../topics.ts';
import { brokerSocket } from './broker-socket.ts';
import { explainKafka, isUnauthorized } from './explain.ts';
import { kafkajs } from './kafkajs.ts';

/** How brokers know that it is us, and we that it is them. */
export interface KafkaSecurity {
  /** TLS: the authority that has signed the brokers' certificates where that is not a public one, and a certificate of one's own where they ask for it. */
  readonly ssl?: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

interface Reached {
  readonly brokers: readonly string[];
  readonly security?: KafkaSecurity;
}

/** No broker answers. */
export class KafkaUnreachable extends Error {
  readonly code = 'kafka-unreachable';
  readonly retryable = true;
}

/**
 * Connects to nothing yet.
 * @param isOpen until then what fails is told by whoever opens it, once; the client itself says it at each try
 */
export function kafkaClient(
  { brokers, security: { ssl, sasl } = {} }: Reached,
  logger: Logger,
  isOpen: () => boolean = () => true,
): Kafka {
  return new kafkajs.Kafka({
    clientId: 'cartpulse',
    brokers: [...brokers],
    connectionTimeout: 5_000,
    socketFactory: brokerSocket,
    ...(ssl && { ssl: { ...ssl } }),
    ...(sasl && { sasl: saslOf(sasl) }),
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 },
    logCreator: () => logTo(logger, isOpen),
  });
}

/** Its types want each mechanism by itself. */
function saslOf({ mechanism, ...user }: NonNullable<KafkaSecurity['sasl']>): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, ...user };
    case 'scram-sha-256':
      return { mechanism, ...user };
    case 'scram-sha-512':
      return { mechanism, ...user };
  }
}

/** Whatever the client throws while a process starts, also in its own words for a broker that went away meanwhile, means this. */
export async function reaching({ brokers, security }: Reached, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TopicMismatch || (isRefusal(error) && !isUnauthorized(error))) throw error;
    throw new KafkaUnreachable(explainKafka(error, brokers, security?.ssl !== undefined));
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
