import type { ShopEvent } from '../../../src/events/event.ts';
import type { CartFact, EventFact } from '../../../src/metrics/facts.ts';
import type { CounterFamily, RankingFamily } from '../../../src/metrics/family.ts';
import type { Writes } from '../../../src/metrics/writes.ts';
import { Calendar } from '../../../src/time/calendar.ts';

const calendar = new Calendar('UTC');
const at = Date.parse('2026-11-20T14:20:00Z');

/** A fact about one event of u1 in Pune, the first of its session. */
export function eventFact(
  event: Partial<ShopEvent> & { readonly name: string },
  more: Partial<EventFact> = {},
): EventFact {
  return {
    kind: 'event',
    event: {
      kind: 'shop',
      eventId: 'e1',
      timestampMs: at,
      userId: 'u1',
      sessionId: 's1',
      city: 'Pune',
      currency: 'USD',
      value: undefined,
      items: [],
      transactionId: undefined,
      paymentType: undefined,
      searchTerm: '',
      resultsCount: undefined,
      ...event,
    },
    at: calendar.at(at),
    realtime: undefined,
    session: {
      began: calendar.at(at),
      city: 'Pune',
      events: 1,
      durationDeltaMs: 0,
      reached: [],
      isNewUser: false,
      followed: [],
    },
    newStages: [],
    order: undefined,
    ...more,
  };
}

export function cartFact(step: CartFact['step'], value = 0): CartFact {
  return {
    kind: 'cart',
    step,
    opened: calendar.at(at),
    city: 'Pune',
    currency: 'USD',
    value,
    stage: 'cart',
    lines: [],
    recoverySeconds: undefined,
  };
}

export const item = (itemId: string, quantity = 1) => ({ itemId, itemName: `name of ${itemId}`, price: 2, quantity });

/** What a family was given, as plain numbers. */
export function sumsOf(writes: Writes, family: CounterFamily | RankingFamily, dimensions = ''): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const byMember of writes.sums.get(family)?.get(dimensions)?.values() ?? []) {
    for (const [member, { n }] of byMember) sums[member] = (sums[member] ?? 0) + n;
  }
  return sums;
}
