import { afterEach, expect, test } from 'vitest';
import { type PartitionId, partitionName } from '../../../src/events/partition.ts';
import { PartitionLost } from '../../../src/ingestion/interruptions.ts';
import type {
  Consumption,
  EventLog,
  LogAppend,
  LogRecord,
  PartitionHandler,
  Position,
} from '../../../src/ingestion/ports/event-log.ts';
import { recordBatchOf } from '../../../src/ingestion/ports/record-batch.ts';
import { Shelf } from '../fakes/shelf.ts';
import { eventually } from '../system/system.ts';

const shown = ({ key, value, importId }: LogRecord) => ({
  key,
  value: Buffer.from(value ?? '').toString(),
  importId,
});

/** What every event log promises; both real adapters are held to it. */
export function logContract(open: () => Promise<EventLog>): void {
  const running: Consumption[] = [];
  const logs: EventLog[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((consumption) => consumption.stop()));
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  const opened = async (): Promise<EventLog> => {
    const log = await open();
    logs.push(log);
    return log;
  };
  const consume = async (log: EventLog, handler: PartitionHandler): Promise<Consumption> => {
    const consumption = await log.consume(handler);
    running.push(consumption);
    return consumption;
  };
  const events = (from: number, to: number, partition = 0, importId?: string): LogAppend[] =>
    Array.from({ length: to - from }, (_, i) => ({
      partition: { topic: 'events', index: partition },
      key: `k${from + i}`,
      value: `v${from + i}`,
      importId,
    }));

  test('what was acknowledged is handed out once, in order, with its key, its import and its arrival', async () => {
    const log = await opened();
    const before = Date.now() - 2_000;
    const outcomes = await log.append([...events(0, 5), ...events(5, 8, 0, 'imp-1'), ...events(8, 9, 1)]);
    expect(outcomes).toEqual(Array.from({ length: 9 }, () => ({ outcome: 'acknowledged' })));
    const shelf = new Shelf();
    await consume(log, shelf.handler(log));
    await eventually('nine records', () => shelf.all().length === 9);
    const first = shelf.records.get('events-0') ?? [];
    expect(first.map(({ key }) => key)).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
    expect(first.map(({ importId }) => importId)).toEqual([...Array(5).fill(undefined), ...Array(3).fill('imp-1')]);
    for (const record of first) expect(record.arrivedAtMs).toBeGreaterThan(before);
    expect(shelf.values().sort()).toEqual(Array.from({ length: 9 }, (_, i) => `v${i}`));
  });

  test('the distance from a position to the end is the number of records between them', async () => {
    const log = await opened();
    await log.append(events(0, 7));
    const ends = await log.ends();
    expect(log.distance(log.start, ends.get('events-0') ?? log.start)).toBe(7);
    const shelf = new Shelf();
    await consume(log, shelf.handler(log));
    await eventually('seven records', () => shelf.all().length === 7);
    const [, , third] = shelf.records.get('events-0') ?? [];
    expect(log.distance(third?.next ?? log.start, ends.get('events-0') ?? log.start)).toBe(4);
    expect(log.distance(shelf.positions.get('events-0') ?? log.start, ends.get('events-0') ?? log.start)).toBe(0);
  });

  test('reading goes on where the store says, also in the middle of what was appended together', async () => {
    const log = await opened();
    await log.append(events(0, 10));
    const first = new Shelf();
    const consumption = await consume(log, first.handler(log));
    await eventually('ten records', () => first.all().length === 10);
    await consumption.stop();
    running.splice(0);
    const second = new Shelf();
    second.positions.set('events-0', first.records.get('events-0')?.[3]?.next ?? log.start);
    await consume(log, second.handler(log));
    await eventually('the other six', () => second.all().length === 6);
    expect(second.values()).toEqual(['v4', 'v5', 'v6', 'v7', 'v8', 'v9']);
  });

  test('when the store goes back, reading goes back with it', async () => {
    const log = await opened();
    await log.append(events(0, 4));
    const shelf = new Shelf();
    await consume(log, shelf.handler(log));
    await eventually('four records', () => shelf.all().length === 4);
    shelf.positions.set('events-0', shelf.records.get('events-0')?.[1]?.next ?? log.start);
    await eventually('two of them again', () => shelf.all().length === 6);
    expect(shelf.values()).toEqual(['v0', 'v1', 'v2', 'v3', 'v2', 'v3']);
  });

  test('what could not be counted is handed out again, in order and once, while other partitions go on', async () => {
    const log = await opened();
    const shelf = new Shelf();
    const failures = new Map<string, number>();
    const flaky = shelf.handler(log, (partition, records) => {
      const failed = failures.get(partitionName(partition)) ?? 0;
      const holdsThird = records.some(({ value }) => Buffer.from(value ?? '').toString() === 'v3');
      if (!holdsThird || failed === 2) return;
      failures.set(partitionName(partition), failed + 1);
      throw new Error('the store does not answer');
    });
    await log.append([...events(0, 3), ...events(100, 103, 1)]);
    await consume(log, flaky);
    for (let from = 3; from < 9; from++)
      await log.append([...events(from, from + 1), ...events(from + 100, from + 101, 1)]);
    await eventually('all records', () => shelf.all().length >= 18);
    const values = (name: string) =>
      (shelf.records.get(name) ?? []).map(({ value }) => Buffer.from(value ?? '').toString());
    expect(values('events-0')).toEqual(Array.from({ length: 9 }, (_, i) => `v${i}`));
    expect(values('events-1')).toEqual(Array.from({ length: 9 }, (_, i) => `v${100 + i}`));
    expect([...failures]).toEqual([['events-0', 2]]);
  });

  test('a replay hands out what lies between two positions of each partition, as it was appended', async () => {
    const log = await opened();
    await log.append([...events(0, 2), ...events(2, 4, 0, 'imp-1'), ...events(4, 6, 1)]);
    const begins = await log.begins();
    const until = await log.ends();
    await log.append(events(6, 8));
    const read = async (from: ReadonlyMap<string, Position>) => {
      const replayed = [];
      for await (const { partition, record } of log.replay(from, until))
        replayed.push({ index: partition.index, ...shown(record), next: record.next });
      return replayed;
    };
    const all = await read(begins);
    const first = all.filter(({ index }) => index === 0);
    expect(first).toMatchObject([
      { key: 'k0', value: 'v0', importId: undefined },
      { key: 'k1', value: 'v1', importId: undefined },
      { key: 'k2', value: 'v2', importId: 'imp-1' },
      { key: 'k3', value: 'v3', importId: 'imp-1' },
    ]);
    expect(all.filter(({ index }) => index === 1).map(({ value }) => value)).toEqual(['v4', 'v5']);
    const behindSecond = new Map(until).set('events-0', first[1]?.next ?? log.start);
    expect((await read(behindSecond)).map(({ value }) => value)).toEqual(['v2', 'v3']);
  });

  test('two consumers share the partitions; a third takes over what one leaves', async () => {
    const log = await opened();
    const shelf = new Shelf();
    const by = new Map<string, Set<string>>();
    const named = (name: string): PartitionHandler =>
      shelf.handler(log, ({ index }) => {
        by.set(name, (by.get(name) ?? new Set()).add(String(index)));
      });
    const one = await consume(log, named('one'));
    await consume(log, named('two'));
    let n = 0;
    const appendEverywhere = async (): Promise<void> => {
      for (const partition of log.partitions.filter(({ topic }) => topic === 'events'))
        await log.append(events(n, n + 1, partition.index));
      n += 1;
    };
    await eventually(
      'both to have some',
      async () => {
        await appendEverywhere();
        return (by.get('one')?.size ?? 0) > 0 && (by.get('two')?.size ?? 0) > 0;
      },
      60_000,
    );
    await one.stop();
    running.shift();
    by.clear();
    await consume(log, named('three'));
    await eventually(
      'all partitions to be read again',
      async () => {
        await appendEverywhere();
        return (
          new Set([...by.values()].flatMap((set) => [...set])).size ===
          log.partitions.filter(({ topic }) => topic === 'events').length
        );
      },
      60_000,
    );
    await eventually('every record', () => shelf.all().length >= n * 4);
    for (const records of shelf.records.values()) {
      const positions = records.map(({ position }) => position);
      expect(new Set(positions).size).toBe(positions.length);
    }
  }, 150_000);

  test('a stop waits for the work in hand', async () => {
    const log = await opened();
    await log.append(events(0, 3));
    const shelf = new Shelf();
    let begun = false;
    const consumption = await consume(
      log,
      shelf.handler(log, async () => {
        begun = true;
        await new Promise((done) => setTimeout(done, 300));
      }),
    );
    await eventually('work to begin', () => begun);
    await consumption.stop();
    running.splice(0);
    expect(shelf.all().length).toBe(3);
  });

  test('an owner that another has replaced is refused', async () => {
    const log = await opened();
    const shelf = new Shelf();
    const late = shelf.handler(log);
    const partition: PartitionId = { topic: 'events', index: 0 };
    await late.claim(partition);
    await consume(log, shelf.handler(log));
    await log.append(events(0, 2));
    await eventually('two records', () => shelf.all().length === 2);
    await expect(late.process(partition, recordBatchOf(shelf.records.get('events-0') ?? []))).rejects.toThrow(
      PartitionLost,
    );
    expect(shelf.all().length).toBe(2);
  });

  test('messages that cannot be counted are kept untouched, with the reason', async () => {
    const log = await opened();
    const record: LogRecord = {
      position: log.start,
      next: log.start,
      key: 'k',
      value: Buffer.from([0xff, 0xfe]),
      importId: undefined,
      arrivedAtMs: Date.now(),
    };
    await log.deadLetter([{ partition: { topic: 'events', index: 0 }, record, reason: 'the message is not UTF-8' }]);
  });
}
