import { Shop } from '../../src/simulator/shop.ts';
import { record } from '../support/fakes/still-log.ts';

/** Where the visitor of the first event is erased. */
export const ERASED_AT = 1_200;
const EVENTS = 2_000;
const NOON = Date.parse('2026-11-20T12:00:00Z');

/** Two thousand events of a simulated shop over two days; one of its visitors is erased on the way. */
export function recordsOfShop(): ReturnType<typeof record>[] {
  const shop = new Shop({ seed: 7, products: 50, sessions: 40 });
  const values: unknown[] = [];
  for (let at = NOON; values.length < EVENTS; at += 60_000)
    for (const event of shop.next(at)) if (event['user_id'] !== undefined) values.push(event);
  const [first] = values;
  if (typeof first === 'object' && first !== null && 'user_id' in first)
    values.splice(ERASED_AT, 1, { control: 'erase', user_id: first.user_id });
  return values.slice(0, EVENTS).map((value, i) => record(i, value, NOON + i * 60_000));
}
