import { expect } from 'vitest';
import type { Said } from '../oracle/cart-book.ts';
import type { OutMessage } from '../system/out-topics.ts';
import type { Json } from '../system/system.ts';

/** First appearance of each message; a repeat must say the same. */
export function firstOf(messages: readonly OutMessage[]): Map<string, OutMessage> {
  const first = new Map<string, OutMessage>();
  for (const message of messages) {
    const known = first.get(message.value.event_id);
    if (known) expect(message.value).toEqual(known.value);
    else first.set(message.value.event_id, message);
  }
  return first;
}

const keyOf = (user: string, opened: number): string => `${user} ${opened}`;

/**
 * Both topics hold what the plain count says, each message
 * once or repeated alike, in the order that a cart's life has.
 */
export function expectSaid(
  said: readonly Said[],
  topics: Readonly<Record<Said['topic'], readonly OutMessage[]>>,
): Map<string, Json> {
  const all = new Map<string, Json>();
  const takenMs = new Map<string, number>();
  for (const topic of ['abandoned', 'recovered'] as const) {
    const first = firstOf(topics[topic]);
    const expected = new Map(
      said.filter((one) => one.topic === topic).map((one) => [keyOf(one.user, one.opened), one]),
    );
    const found = new Map([...first.values()].map((m) => [keyOf(m.value.user_id, Date.parse(m.value.opened_at)), m]));
    expect([topic, [...found.keys()].sort()]).toEqual([topic, [...expected.keys()].sort()]);
    for (const [key, one] of expected) {
      const message = found.get(key);
      expect(readable(message?.value)).toEqual(readable(asMessage(one)));
      expect(message?.key).toBe(message?.value.cart_id);
      if (topic === 'abandoned') takenMs.set(key, message?.takenMs ?? 0);
      else expect(message?.takenMs).toBeGreaterThanOrEqual(takenMs.get(key) ?? Number.POSITIVE_INFINITY);
    }
    for (const [id, { value }] of first) all.set(id, value);
  }
  return all;
}

function asMessage(one: Said) {
  return {
    user_id: one.user,
    source: one.source,
    city: one.city,
    value: one.value / 100,
    currency: one.currency,
    stage: one.stage,
    opened_at: one.opened,
    abandoned_at: one.abandonedAt,
    recovered_at: one.recoveredAt,
    items: Object.entries(one.items).map(([item_id, quantity]) => ({ item_id, quantity })),
  };
}

/** Without what the plain count does not know: ids, prices, last activity; times as numbers. */
function readable(message: Json) {
  const { user_id, source, city, value, currency, stage, items } = message;
  const time = (at: string | number | undefined) => (typeof at === 'string' ? Date.parse(at) : at);
  const counted = (items as Json[]).map(({ item_id, quantity }) => `${item_id} ${quantity}`).sort();
  const times = [message.opened_at, message.abandoned_at, message.recovered_at].map(time);
  return { user_id, source, city, value, currency, stage, items: counted, times };
}
