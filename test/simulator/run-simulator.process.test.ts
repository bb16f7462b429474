import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Submitted } from '../../src/ingestion/acceptor.ts';
import { runSimulator, steady } from '../../src/simulator/run-simulator.ts';
import { silent } from '../support/system/system.ts';

/** How many events are sent while a clock goes on by so many seconds at each look. */
async function sentAt(eventsPerSecond: number, looks: number, stepSeconds: number): Promise<number> {
  let [sent, nowMs, seen] = [0, 0, 0];
  const acceptor = {
    accept: async (events: readonly Submitted[]) => {
      sent += events.length;
      return { accepted: events.length, rejected: [] };
    },
  };
  const now = (): number => {
    if (seen < looks) nowMs += stepSeconds * 1_000;
    seen += 1;
    return nowMs;
  };
  const simulator = runSimulator(acceptor, steady(eventsPerSecond), { seed: 3 }, now, silent);
  while (seen <= looks) await sleep(20);
  await simulator.stop();
  return sent;
}

test.each([
  ['an event every ten seconds', 0.1, 2],
  ['twenty a second', 20, 1],
])('%s are sent as such', { timeout: 20_000 }, async (_, eventsPerSecond, stepSeconds) => {
  const looks = 25;
  const expected = eventsPerSecond * stepSeconds * looks;
  const sent = await sentAt(eventsPerSecond, looks, stepSeconds);
  expect(sent).toBeGreaterThan(expected * 0.7 - 1);
  // Those that belong to one order come at once.
  expect(sent).toBeLessThan(expected * 1.1 + 4);
});

test('after a pause no flood comes', { timeout: 20_000 }, async () => {
  expect(await sentAt(20, 3, 600)).toBeLessThan(3 * 24);
});
