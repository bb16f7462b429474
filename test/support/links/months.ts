import type { Random } from '../../../src/simulator/random.ts';
import { items, type Visit, visit, type Who } from './visits.ts';

const HOURS = 60;
const DAYS = 24 * HOURS;
/** Minutes between what anybody does and what anybody does next. No few of them make 24 or 49 hours or thirty days, where half an hour counts. */
const GAPS = [1, 1, 5, 20, 5 * HOURS, 15.5 * HOURS, 2.3 * DAYS, 9.4 * DAYS, 21.1 * DAYS, 28.9 * DAYS, 35 * DAYS];
/** As late as an event may come. */
const LATE = 30;

/** What two users, two guests and an office do in the course of months. */
export function months(random: Random): Visit[] {
  const pick = <T>(...all: readonly [T, ...T[]]): T => all[random.below(all.length)] ?? all[0];
  const visits: Visit[] = [];
  let atMin = 0;
  for (let i = 5 + random.below(14); i > 0; i--) {
    atMin += GAPS[random.below(GAPS.length)] ?? 1;
    const n = 1 + random.below(2);
    const [user, guest, other] = [`u${n}`, `g${n}`, `g${3 - n}`];
    const who = pick<Who>(
      { guest },
      { guest },
      { user },
      { user, guest },
      { user, guest },
      { user, guest: other },
      { user: 'office' },
    );
    const order = { transaction_id: `t${random.below(3)}` };
    const says: readonly [string, Partial<Visit>] = pick(
      ['page_view', {}],
      ['page_view', {}],
      ['view_item', items('mug')],
      ['add_to_cart', items('mug')],
      ['purchase', { ...order, value: 3 }],
      ['purchase', { ...order, value: 3, shipping: 2, payment_type: 'card' }],
      ['purchase', { ...order, ...items('mug') }],
      ['purchase', { ...order, ...items('mug', 'pen'), shipping: 1 }],
      ['refund', order],
      ['refund', { ...order, value: 2 }],
    );
    const session = random.chance(0.3) ? { session_id: `s${random.below(2)}` } : {};
    const lateMin = random.chance(0.1) ? random.below(LATE) : 0;
    const more = { ...says[1], ...session, city: pick('Oslo', 'Roma') };
    visits.push(visit(Math.max(0, atMin - lateMin), who, says[0], more));
  }
  return visits;
}
