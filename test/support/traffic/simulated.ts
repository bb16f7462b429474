import { Shop } from '../../../src/simulator/shop.ts';
import type { OracleEvent } from '../oracle/events.ts';
import type { Oracle } from '../oracle/oracle.ts';

const DAY = 86_400_000;
const today = Math.floor(Date.now() / DAY) * DAY;
const start = today - 5 * DAY;
/** The period in which simulated events lie. */
export const simulatedRange = `from=${new Date(start).toISOString().slice(0, 10)}&to=${new Date(today).toISOString().slice(0, 10)}`;

/** Two days of a shop, and at the end an event in each partition that makes every open cart fall due. */
export function simulated(count: number, oracle: Oracle, partitions: number, seed = 11): OracleEvent[] {
  const shop = new Shop({ seed, sessions: 400 });
  const events: OracleEvent[] = [];
  for (let i = 0; events.length < count; i++)
    events.push(...(shop.next(start + Math.floor((i * 2 * DAY) / count)) as unknown as OracleEvent[]));
  const last = new Map<number, OracleEvent>();
  for (let i = 0; last.size < partitions; i++) {
    const user = `flush-${i}`;
    const flush = { event_id: `f${i}`, name: 'page_view', user_id: user, timestamp: today - DAY };
    last.set(oracle.partitionOf(user), flush);
  }
  return [...events, ...last.values()];
}
