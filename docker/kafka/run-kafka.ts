import { join, resolve } from 'node:path';
import { provision } from '../provision.ts';
import { startKafka } from './kafka-server.ts';

/** `npm run kafka`: a real broker without Docker, for development. Its files lie in data/kafka. */
await provision(['kafka']);
const port = Number(process.env['KAFKA_PORT'] ?? 9092);
const kafka = await startKafka({ dir: join(resolve(process.env['DATA_DIR'] ?? './data'), 'kafka'), port });
process.stdout.write(
  `Kafka is at ${kafka.broker}; start cartpulse with KAFKA_BROKERS=${kafka.broker} npm start. Ctrl-C stops it.\n`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void kafka.stop().then(() => process.exit(0));
  });
}
