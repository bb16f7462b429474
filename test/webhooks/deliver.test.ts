import { describe, expect, test } from 'vitest';
import { cartEventId } from '../../src/fold/carts/cart-message.ts';
import { HEALTHY, type Health } from '../../src/webhooks/backoff.ts';
import { type DeliverParts, deliver } from '../../src/webhooks/deliver.ts';
import { KLAVIYO } from '../../src/webhooks/klaviyo.ts';
import type { Delivery } from '../../src/webhooks/notifier.ts';
import type { Sending, SendOutcome } from '../../src/webhooks/send.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const klaviyo = { apiKey: 'pk', url: 'https://a.klaviyo.com', profiles: 'all' } as const;
const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  endpointId: KLAVIYO,
  eventId: cartEventId('abandoned', 'c1'),
  type: 'cart.abandoned',
  cartId: 'c1',
  userId: 'u1',
  openedAtMs: NOW_MS - 7_200_000,
  abandonedAtMs: NOW_MS - 3_600_000,
  body: '{}',
  ...more,
});

class Parts implements DeliverParts {
  klaviyo: DeliverParts['klaviyo'] = klaviyo;
  readonly sent: Sending[] = [];
  kept: Health = HEALTHY;
  underWay = new Set<string>();
  answer: SendOutcome = { outcome: 'delivered' };
  readonly endpoints = {
    list: async () => [],
    add: async () => 'kept' as const,
    remove: async () => false,
    disable: async () => undefined,
  };
  readonly health = {
    read: async () => this.kept,
    write: async (_: string, health: Health) => {
      this.kept = health;
    },
  };
  readonly isBought = async () => false;
  readonly isUnderWay = async (id: string) => this.underWay.has(id);
  readonly send = async (sending: Sending) => {
    this.sent.push(sending);
    return this.answer;
  };
  readonly now = () => NOW_MS;
}

const recovered = delivery({ type: 'cart.recovered', eventId: cartEventId('recovered', 'c1') });

test('a cart’s `recovered` waits for its `abandoned`, and for no other cart’s', async () => {
  const parts = new Parts();
  parts.underWay.add(`klaviyo-${cartEventId('abandoned', 'c2')}`);
  expect(await deliver(recovered, parts)).toEqual({ outcome: 'delivered' });
  parts.underWay.add(`klaviyo-${cartEventId('abandoned', 'c1')}`);
  expect(await deliver(recovered, parts)).toEqual({ outcome: 'postponed', untilMs: NOW_MS + 5_000 });
  expect(parts.sent).toHaveLength(1);
});

describe('an answer that says when to come again', () => {
  test('lets all that goes there rest until then, and counts as no try', async () => {
    const parts = new Parts();
    parts.answer = { outcome: 'failed', reason: 'answered 429', status: 429, retryAfterMs: 30_000 };
    const later = { outcome: 'postponed', untilMs: NOW_MS + 30_000 };
    expect(await deliver(delivery(), parts)).toEqual(later);
    expect(await deliver(delivery({ cartId: 'c2' }), parts)).toEqual(later);
    expect([parts.sent.length, parts.kept.failures]).toEqual([1, 0]);
  });
});

test('what Klaviyo finds wrong with an event is given up at once; another failure is one', async () => {
  const parts = new Parts();
  parts.answer = { outcome: 'failed', reason: 'answered 400', status: 400 };
  expect(await deliver(delivery(), parts)).toEqual({ outcome: 'dead', reason: 'answered 400' });
  expect(parts.kept).toBe(HEALTHY);
  parts.answer = { outcome: 'failed', reason: 'answered 401', status: 401 };
  expect(await deliver(delivery(), parts)).toMatchObject({ outcome: 'failed' });
  expect(parts.kept.failures).toBe(1);
});

test('a 410 of Klaviyo’s gives up the event, and says nothing of the next', async () => {
  const parts = new Parts();
  parts.answer = { outcome: 'gone' };
  expect(await deliver(delivery(), parts)).toEqual({ outcome: 'dead', reason: 'answered 410' });
  parts.answer = { outcome: 'delivered' };
  expect(await deliver(delivery({ cartId: 'c2' }), parts)).toEqual({ outcome: 'delivered' });
});

test('nothing goes to Klaviyo once its key is no setting any more', async () => {
  const parts = new Parts();
  parts.klaviyo = undefined;
  expect(await deliver(delivery(), parts)).toMatchObject({ outcome: 'cancelled' });
  expect(parts.sent).toEqual([]);
});
