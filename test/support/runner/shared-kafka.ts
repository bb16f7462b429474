import { startTestKafka, type TestKafka } from '../servers/kafka.ts';

let kafka: TestKafka | undefined;

/**
 * One broker for all files of a run, which find it where a
 * broker of one's own is named; each test has topics of its own.
 */
export async function setup(): Promise<void> {
  kafka = await startTestKafka();
  process.env['KAFKA_BROKERS'] = kafka.broker;
}

export async function teardown(): Promise<void> {
  await kafka?.close();
}
