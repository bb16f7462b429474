import { setTimeout as sleep } from 'node:timers/promises';
import type { OracleEvent } from '../oracle/events.ts';
import type { Json, TestSystem } from './system.ts';

/** Sends events as a patient client does: what the log could not take is sent again, in order. */
export async function sendAll(
  system: Pick<TestSystem, 'post'>,
  events: readonly OracleEvent[],
  atOnce = 1_000,
): Promise<{ resent: number }> {
  let resent = 0;
  for (let from = 0; from < events.length; from += atOnce) {
    let left = events.slice(from, from + atOnce);
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 60) throw new Error('the log takes nothing');
      if (tries > 0) {
        resent += left.length;
        await sleep(Math.min(2_000, 100 * tries));
      }
      left = await sendSome(system, left);
    }
  }
  return { resent };
}

async function sendSome(system: Pick<TestSystem, 'post'>, events: readonly OracleEvent[]): Promise<OracleEvent[]> {
  const response = await system.post(events);
  const body: Json = await response.json();
  if (response.status === 503 && body.rejected === undefined) return [...events];
  if (response.status !== 202 && response.status !== 503) throw new Error(`${response.status} ${JSON.stringify(body)}`);
  return body.rejected.map((rejection: Json) => {
    if (!rejection.retryable) throw new Error(`refused: ${JSON.stringify(rejection)}`);
    return events[rejection.index];
  });
}
