import { expect, test } from 'vitest';
import type { PartitionId } from '../../src/events/partition.ts';
import { PipelineMonitor } from '../../src/ingestion/monitor.ts';
import type { PartitionStatus } from '../../src/ingestion/ports/status-store.ts';
import { StillLog } from '../support/fakes/still-log.ts';

/** A monitor with a clock of its own; each look waits until it is let go. */
function monitor() {
  const clock = { ms: 1_000_000 };
  const looks: (() => void)[] = [];
  const nothing = (partitions: readonly PartitionId[]): PartitionStatus[] =>
    partitions.map((partition) => ({
      partition,
      position: undefined,
      arrivedAtMs: undefined,
      tallies: new Map(),
      queued: 0,
      recoveries: 0,
      waiting: 0,
      firstAbandoned: undefined,
      said: 0,
      recordsWaiting: 0,
      firstRecord: undefined,
      isFull: false,
    }));
  let reads = 0;
  const store = {
    // A look reads it twice; the first time is waited for.
    partitions: (all: readonly PartitionId[]) =>
      ++reads % 2 === 0
        ? Promise.resolve(nothing(all))
        : new Promise<PartitionStatus[]>((resolve) => looks.push(() => resolve(nothing(all)))),
    deadLetters: () => Promise.resolve([]),
    memory: () => [],
    ping: () => Promise.resolve(),
  };
  return { monitor: new PipelineMonitor(new StillLog(1), store, () => clock.ms), clock, looks };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('asked often, how new the answers are is looked at before it is a quarter of a second old, and nobody waits', async () => {
  const { monitor: asked, clock, looks } = monitor();
  const first = asked.asOf();
  looks[0]?.();
  const begun = await first;
  expect(begun).toBe(clock.ms);
  for (let waited = 0; waited < 20; waited += 1) {
    clock.ms += 50;
    // Resolves although no look has ended since.
    const asOfMs = await asked.asOf();
    expect(clock.ms - asOfMs).toBeLessThanOrEqual(250);
    // A look takes 50 ms.
    for (const end of looks) end();
    await settle();
  }
  // 1,000 ms: one about each 150 ms, and never two at a time.
  expect(looks.length).toBeGreaterThan(4);
  expect(looks.length).toBeLessThan(10);
});

test('asked seldom, it is looked at before the answer, so that it is never older than a quarter of a second', async () => {
  const { monitor: asked, clock, looks } = monitor();
  const first = asked.asOf();
  looks[0]?.();
  await first;
  clock.ms += 251;
  let answered: number | undefined;
  const second = asked.asOf().then((asOfMs) => {
    answered = asOfMs;
  });
  await settle();
  expect(answered).toBeUndefined();
  looks[1]?.();
  await second;
  expect(answered).toBe(clock.ms);
});
