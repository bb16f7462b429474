import { expect, test } from 'vitest';
import type { Position } from '../../src/ingestion/ports/event-log.ts';
import { LogMove, OldLogInUse } from '../../src/rebuild/log-move.ts';
import { MemoryLog } from '../support/fakes/event-log.ts';

const partition = { topic: 'events', index: 0 } as const;
const event = (id: number) => ({
  partition,
  key: 'u',
  value: JSON.stringify({ event_id: `e${id}`, name: 'page_view', user_id: 'u', timestamp: 1_795_000_000_000 }),
});
const standing = { standing: async () => ({ epoch: 1, position: '0' as Position }) };

/** A log with an event, moved while `meanwhile` happens at each pause. */
async function move(meanwhile: (round: number, from: MemoryLog, stop: AbortController) => Promise<unknown>) {
  const now = () => 1_795_000_000_000;
  const [from, to] = [new MemoryLog(1, now), new MemoryLog(2, now)];
  Object.assign(from, { begins: async () => new Map([['events-0', '0']]) });
  await from.append([event(0)]);
  const stop = new AbortController();
  let rounds = 0;
  const sleep = async (): Promise<void> => {
    rounds += 1;
    await meanwhile(rounds, from, stop);
  };
  const moving = new LogMove({ from, to, now, onProgress: () => undefined, signal: stop.signal, sleep });
  await moving.copyCounted(standing);
  await from.append([event(1)]);
  const outcome = await moving.copyRest().catch((error: unknown) => error);
  const copied = [...to.records.values()].flat().map(({ value }) => JSON.parse(String(value)).event_id);
  return { outcome, rounds, copied: copied.filter((id) => id !== undefined) };
}

test('what comes to the old log while answers move is copied, until nothing comes any more', async () => {
  const { outcome, copied } = await move(async (round, from) => round < 4 && from.append([event(1 + round)]));
  expect(outcome).toBe(undefined);
  expect(copied).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
});

test('whoever sends to the old log without end is named with what to do, and not followed without end', async () => {
  const { outcome, rounds, copied } = await move((round, from) => from.append([event(1 + round)]));
  expect(outcome).toBeInstanceOf(OldLogInUse);
  expect(String(outcome)).toMatch(
    /up to 1 records that came to the old one since are not copied: stop what sends there/,
  );
  expect([rounds, copied.length]).toEqual([24, 25]);
});

test('a move that is stopped says what is not copied', async () => {
  const { outcome } = await move(async (_, from, stop) => {
    await from.append([event(2), event(3)]);
    stop.abort();
  });
  expect(String(outcome)).toContain('up to 2 records');
});
