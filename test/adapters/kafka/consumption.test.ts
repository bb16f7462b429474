import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { KafkaConsumption } from '../../../src/adapters/kafka/consume/consumption.ts';
import { partitionName } from '../../../src/events/partition.ts';
import { PartitionLost } from '../../../src/ingestion/interruptions.ts';
import type { PartitionHandler, Position } from '../../../src/ingestion/ports/event-log.ts';
import { FakeGroup } from '../../support/fakes/kafka-group.ts';
import { recordsOf } from '../../support/fakes/still-log.ts';
import { stored } from '../../support/fakes/stored-batches.ts';
import { silent } from '../../support/system/system.ts';

const started: KafkaConsumption[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((consumption) => consumption.stop()));
});

/** What has been promised by now has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A handler whose work ends when it is told to. */
class SlowHandler implements PartitionHandler {
  readonly begun: string[] = [];
  readonly released: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();

  readonly claimed: string[] = [];
  /** Claims wait for this. */
  claiming: Promise<void> = Promise.resolve();
  claim = async (partition: Parameters<PartitionHandler['claim']>[0]): Promise<Position> => {
    this.claimed.push(partitionName(partition));
    await this.claiming;
    return '0' as Position;
  };
  idle = async (): Promise<undefined> => undefined;
  readonly skipped: string[] = [];
  skip = async (_: unknown, to: Position, missing: number): Promise<Position> => {
    this.skipped.push(`${missing} up to ${to}`);
    return to;
  };
  release = (partition: Parameters<PartitionHandler['release']>[0]): void => {
    this.released.push(partitionName(partition));
  };

  process: PartitionHandler['process'] = (partition, batch) => {
    const name = partitionName(partition);
    const records = recordsOf(batch);
    this.begun.push(`${name} ${records.map(({ value }) => String(value)).join(' ')}`);
    const next = records.at(-1)?.next ?? ('0' as Position);
    return new Promise((resolve, reject) => {
      this.ends.set(name, (error) => (error === undefined ? resolve(next) : reject(error)));
    });
  };

  end(name: string, error?: Error): void {
    this.ends.get(name)?.(error);
  }
}

async function consuming(claiming: Promise<void> = Promise.resolve()) {
  const group = new FakeGroup();
  const handler = new SlowHandler();
  handler.claiming = claiming;
  const consumption = new KafkaConsumption({
    kafka: group,
    admin: { fetchTopicOffsets: async () => [] },
    topics: { events: 'events', inventory: 'inventory' },
    group: 'g',
    partitions: [0, 1, 2, 3].map((index) => ({ topic: 'events', index })),
    handler,
    logger: silent,
  });
  started.push(consumption);
  await consumption.start();
  group.share({ events: [0, 1, 2, 3] });
  await settled();
  return { group, handler, consumption };
}

test('two partitions are counted side by side; a third one begins when one of them is done', async () => {
  const { group, handler } = await consuming();
  for (const index of [0, 1, 2, 3]) void group.hand('events', index, [0]);
  await settled();
  expect(handler.begun).toEqual(['events-0 v0', 'events-1 v0']);
  handler.end('events-1');
  await settled();
  expect(handler.begun).toEqual(['events-0 v0', 'events-1 v0', 'events-2 v0']);
  handler.end('events-0');
  await settled();
  expect(handler.begun.at(-1)).toBe('events-3 v0');
  for (const index of [2, 3]) handler.end(`events-${index}`);
});

test('what follows is fetched while a batch is counted, and counted after it', async () => {
  const { group, handler } = await consuming();
  await group.hand('events', 0, [0, 1]);
  await settled();
  expect(handler.begun).toEqual(['events-0 v0 v1']);
  const next = group.hand('events', 0, [2]);
  await settled();
  expect(handler.begun.length).toBe(1);
  handler.end('events-0');
  await next;
  await settled();
  expect(handler.begun).toEqual(['events-0 v0 v1', 'events-0 v2']);
  handler.end('events-0');
});

test('a stop waits for what is being counted, begins nothing new, and gives the partitions up', async () => {
  const { group, handler, consumption } = await consuming();
  for (const index of [0, 1, 2]) void group.hand('events', index, [0]);
  await settled();
  let stopped = false;
  const stopping = consumption.stop().then(() => {
    stopped = true;
  });
  handler.end('events-0');
  await settled();
  expect(stopped).toBe(false);
  handler.end('events-1');
  await stopping;
  expect(handler.begun).toEqual(['events-0 v0', 'events-1 v0']);
  expect(handler.released).toEqual(['events-0', 'events-1', 'events-2', 'events-3']);
  expect(group.left).toBe(1);
});

test('what could not be counted is read again from where counting stands; the client hears why before it reads on', async () => {
  const { group, handler } = await consuming();
  await group.hand('events', 0, [0, 1]);
  await settled();
  group.seeks.length = 0;
  handler.end('events-0', new Error('the store is away'));
  await settled();
  expect(group.seeks).toEqual(['events/0@0']);
  await expect(group.hand('events', 0, [2])).rejects.toThrow('the store is away');
  await group.hand('events', 0, [0, 1]);
  await settled();
  expect(handler.begun).toEqual(['events-0 v0 v1', 'events-0 v0 v1']);
  handler.end('events-0');
});

test('a partition that another owner has claimed is given up, and claimed anew should Kafka hand it out all the same', async () => {
  const { group, handler } = await consuming();
  await group.hand('events', 0, [0]);
  await settled();
  handler.end('events-0', new PartitionLost('events-0'));
  await settled();
  expect(handler.released).toEqual(['events-0']);
  await expect(group.hand('events', 1, [0])).rejects.toThrow(PartitionLost);
  await group.hand('events', 0, [0]);
  await settled();
  expect(handler.begun).toEqual(['events-0 v0', 'events-0 v0']);
  handler.end('events-0');
});

const values = (firstOffset: number, ...deltas: number[]) => {
  const records = deltas.map((delta) => ({ delta, value: Buffer.from(`v${firstOffset + delta}`) }));
  return stored({ firstOffset, records });
};
/** What ends a transaction. */
const control = (firstOffset: number) => stored({ firstOffset, attributes: 0x30, records: [{ delta: 0 }] });

test('offsets that hold nothing to count are passed over: nothing is missing, and nobody lags behind for them', async () => {
  const { group, handler } = await consuming();
  await group.handBatches('events', 0, [values(0, 0), control(1)]);
  await settled();
  handler.end('events-0');
  await settled();
  await group.handBatches('events', 0, [control(2)]);
  await settled();
  await group.handBatches('events', 0, [values(3, 4, 9), control(13)], 3);
  await settled();
  handler.end('events-0');
  await settled();
  expect(handler.begun).toEqual(['events-0 v0', 'events-0 v7 v12']);
  expect(handler.skipped).toEqual(['0 up to 2', '0 up to 3', '0 up to 14']);
  expect(group.seeks.slice(4)).toEqual([]);
});

test('a batch that begins before the position is counted from there on', async () => {
  const { group, handler } = await consuming();
  await group.hand('events', 0, [0, 1]);
  await settled();
  handler.end('events-0');
  await settled();
  await group.handBatches('events', 0, [values(0, 0, 1, 2, 3)], 1);
  await settled();
  expect(handler.begun).toEqual(['events-0 v0 v1', 'events-0 v2 v3']);
  handler.end('events-0');
});

test('what was read at the wrong place is not counted; reading is sent to the right one', async () => {
  const { group, handler } = await consuming();
  group.seeks.length = 0;
  await group.handBatches('events', 0, [values(5, 0)], 5);
  await settled();
  expect(group.seeks).toEqual(['events/0@0']);
  await group.handBatches('events', 0, [values(0, 0)], 0);
  await settled();
  handler.end('events-0');
  await settled();
  await group.handBatches('events', 0, [values(0, 0)], 0);
  await settled();
  expect(group.seeks).toEqual(['events/0@0', 'events/0@1']);
  expect(handler.begun).toEqual(['events-0 v0']);
});

test('records in a form that is not read hold up their partition alone, and the client hears why', async () => {
  const { group, handler } = await consuming();
  await group.handBatches('events', 0, [stored({ firstOffset: 0, records: [{ delta: 0 }], format: 1 })]);
  await settled();
  await expect(group.hand('events', 1, [0])).rejects.toThrow("in Kafka's message format 1");
  await group.hand('events', 1, [0]);
  await settled();
  expect(handler.begun).toEqual(['events-1 v0']);
  handler.end('events-1');
});

test('a partition is claimed once when the group is shared, also where its first batch comes before that is known', async () => {
  let claim: () => void = () => undefined;
  const { group, handler } = await consuming(
    new Promise((resolve) => {
      claim = resolve;
    }),
  );
  for (const index of [1, 0]) void group.hand('events', index, [0]);
  await settled();
  claim();
  await settled();
  expect(handler.claimed.toSorted()).toEqual(['events-0', 'events-1', 'events-2', 'events-3']);
  expect(handler.begun.toSorted()).toEqual(['events-0 v0', 'events-1 v0']);
  for (const index of [0, 1]) handler.end(`events-${index}`);
});

test('a batch whose partition goes to another member while it is claimed is not counted', async () => {
  let claim: () => void = () => undefined;
  const { group, handler } = await consuming(
    new Promise((resolve) => {
      claim = resolve;
    }),
  );
  const handed = group.hand('events', 3, [0]);
  await settled();
  group.share({ events: [0] });
  claim();
  await handed;
  await settled();
  expect(handler.begun).toEqual([]);
});

test('what Kafka is told last is where counting stood at the stop, also where an earlier report is still on its way', async () => {
  const { group, handler, consumption } = await consuming();
  const reports: string[] = [];
  let first: () => void = () => undefined;
  group.onCommit = async (offsets) => {
    if (reports.length === 0)
      await new Promise<void>((resolve) => {
        first = resolve;
      });
    reports.push(offsets.map(({ partition, offset }) => `${partition}@${offset}`).join(' '));
  };
  await sleep(1_100);
  await group.hand('events', 0, [0, 1]);
  await settled();
  handler.end('events-0');
  await settled();
  const stopping = consumption.stop();
  await settled();
  first();
  await stopping;
  expect(reports).toEqual(['0@0 1@0 2@0 3@0', '0@2']);
});
