import type { Random } from '../../../src/simulator/random.ts';

interface Shape {
  readonly events: number;
  readonly users: number;
  readonly sessions: number;
  readonly items: number;
  readonly cities: number;
  readonly hours: number;
}

/** Events of a shop whose visitors look at two or three things and go: harder to keep than life. */
export function* busyDay({ events, users, sessions, items, cities, hours }: Shape, startMs: number, random: Random) {
  for (let i = 0; i < events; i++) {
    const session = i < sessions ? i : random.below(sessions);
    const user = session % users;
    const item = random.below(items);
    const name = random.chance(0.08) ? 'add_to_cart' : random.chance(0.02) ? 'purchase' : 'view_item';
    yield {
      event_id: `0191b2c4-${String(i).padStart(12, '0')}`,
      name,
      user_id: `user-${String(user).padStart(8, '0')}`,
      session_id: `session-${String(session).padStart(10, '0')}`,
      city: `City ${session % cities}`,
      timestamp: startMs + Math.floor((i * hours * 3_600_000) / events),
      items: [{ item_id: `SKU-${item}`, item_name: `A product of the shop ${item}`, price: 9.5 }],
      ...(name === 'purchase' && { transaction_id: `order-${i}` }),
    };
  }
}
