import { expect } from 'vitest';
import { PartitionLost } from '../../../src/ingestion/interruptions.ts';
import type { PartitionHandler } from '../../../src/ingestion/ports/event-log.ts';
import { expectAnswers } from '../compare/answers.ts';
import { Oracle } from '../oracle/oracle.ts';
import { sendAll } from '../system/sending.ts';
import { startSystem } from '../system/system.ts';
import { simulated, simulatedRange } from '../traffic/simulated.ts';

const PARTITIONS = 4;

/** Counts the calls that are refused since another owner has claimed the partition. */
function watched(handler: PartitionHandler, onRefused: () => void): PartitionHandler {
  const refusing = async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (error instanceof PartitionLost) onRefused();
      throw error;
    }
  };
  return {
    claim: (partition) => handler.claim(partition),
    process: (partition, records) => refusing(handler.process(partition, records)),
    idle: (partition) => refusing(handler.idle(partition)),
    skip: (partition, to, missing) => refusing(handler.skip(partition, to, missing)),
    release: (partition) => handler.release(partition),
  };
}

/**
 * Two consumers that the log gives every partition to, both of
 * them: each in a group of its own, counting into the same answers.
 * @returns how often one of them was refused
 */
export async function countWithTwoOwners(redisUrl: string, environment: Record<string, string>): Promise<number> {
  const systems = await Promise.all([
    startSystem(redisUrl, { ...environment, PARTITIONS: String(PARTITIONS) }),
    startSystem(redisUrl, { ...environment, PARTITIONS: String(PARTITIONS) }),
  ]);
  const [one, other] = systems;
  let refused = 0;
  const count = (system: typeof one, purpose: 'count' | 'rebuild') =>
    system.system.log.consume(
      watched(system.system.worker(), () => {
        refused += 1;
      }),
      purpose,
    );
  const consumptions = [await count(one, 'count'), await count(other, 'rebuild')];
  const oracle = new Oracle(PARTITIONS);
  const events = simulated(20_000, oracle, PARTITIONS);
  oracle.feed(events);
  await sendAll(one, events, 250);
  await one.settled(120_000);
  await consumptions[1]?.stop();
  await one.settled(60_000);
  await expectAnswers(one, oracle, simulatedRange);
  expect((await one.get('/v1/pipeline')).events).toBe(events.length);
  await consumptions[0]?.stop();
  for (const system of systems) await system.close();
  return refused;
}
