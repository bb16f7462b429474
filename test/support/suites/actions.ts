import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readOut } from '../system/out-topics.ts';
import { eventually, type Json, startSystem } from '../system/system.ts';

/** The topic of closed windows: one suite for both event logs. */
export function actionsSuite(redisUrl: () => string, environment: () => Readonly<Record<string, string>>): void {
  test('each closed window of five seconds is one message, with two processes that would publish it', async () => {
    const system = await startSystem(redisUrl(), environment());
    const other = await startSystem(redisUrl(), { ...environment(), ...system.environment, KEY_PREFIX: system.prefix });
    await system.startCounting();
    const rollups = [await system.system.startRollups(), await other.system.startRollups()];
    const reader = await readOut(system, redisUrl(), 'actions');
    await eventually('the first window', async () => (await reader.messages()).length > 0);
    let sent = 0;
    for (let i = 0; i < 12; i++) {
      await system.post([
        { name: 'view_item', user_id: `u${i}` },
        { name: 'page_view', user_id: `u${i}` },
      ]);
      sent += 2;
      await sleep(500);
    }
    const total = (messages: Json[]): number =>
      messages.reduce((sum, { value }) => sum + Object.values<number>(value.counts).reduce((a, b) => a + b, 0), 0);
    await eventually('all of them to be published', async () => total(await reader.messages()) === sent);
    const messages = await reader.messages();
    const starts = messages.map(({ value }) => Date.parse(value.start));
    expect(starts).toEqual(starts.map((_, i) => (starts[0] ?? 0) + i * 5_000));
    expect(new Set(messages.map(({ value }) => value.event_id)).size).toBe(messages.length);
    const { windows }: Json = await system.get('/v1/leaderboard?limit=60');
    const shown = new Map(windows.map((w: Json) => [w.start, w.counts]));
    for (const { key, value } of messages) {
      expect(key).toBe(value.start);
      expect(value.counts).toEqual(shown.get(value.start));
    }
    for (const one of rollups) await one.stop();
    await reader.close();
    await system.close();
    await other.close();
  });
}
