import { unique } from '../system/system.ts';

/** Topics and a group of a test's own on a broker. */
export function kafkaEnvironment(broker: string, partitions = 4): Record<string, string> {
  const name = unique();
  return {
    KAFKA_BROKERS: broker,
    KAFKA_EVENTS_TOPIC: `${name}.events`,
    KAFKA_INVENTORY_TOPIC: `${name}.inventory`,
    KAFKA_ABANDONED_TOPIC: `${name}.abandoned`,
    KAFKA_RECOVERED_TOPIC: `${name}.recovered`,
    KAFKA_ACTIONS_TOPIC: `${name}.actions`,
    KAFKA_GROUP: name,
    PARTITIONS: String(partitions),
  };
}
