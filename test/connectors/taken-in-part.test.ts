import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AppParts } from '../../src/http/app.ts';
import { appOf } from '../http/app-parts.ts';

/** A log that confirms the first event of a request and no other. */
const acceptor: AppParts['acceptor'] = {
  waiting: 0,
  accept: async (events) => ({
    accepted: 1,
    rejected: events
      .slice(1)
      .map((_, i) => ({ index: i + 1, event_id: 'm', path: '', message: 'no', retryable: true })),
  }),
};

const app = appOf([], { acceptor });

test('Segment’s clients are asked to send a batch again that the log took in part, since each message has an id', async () => {
  const batch = ['m1', 'm2'].map((messageId) => ({ type: 'page', userId: 'u1', messageId }));
  const response = await app.request('/v1/batch', { method: 'POST', body: JSON.stringify({ batch }) });
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '2']);
});

test('GA4’s events have no id, so that what was taken in part is not asked for again', async () => {
  const body = JSON.stringify({ client_id: '1.2', events: [{ name: 'page_view' }, { name: 'page_view' }] });
  expect((await app.request('/mp/collect', { method: 'POST', body })).status).toBe(204);
});

test('a shop is asked to send a report again that the log took in part, and only what was taken of it is known', async () => {
  const kept = new Map<string, string>();
  const sent: unknown[] = [];
  const own = appOf([], {
    acceptor: {
      ...acceptor,
      accept: (events, ...more) => {
        sent.push(events.map((one) => (one.outcome === 'json' ? one.value : one.outcome)));
        return acceptor.accept(events, ...more);
      },
    },
    hookSecrets: { SHOPIFY_SECRETS: ['secret'], WOOCOMMERCE_SECRETS: [], MEDUSA_SECRETS: [] },
    reportedThings: {
      known: async (about) => kept.get(about),
      keep: async (about, known) => void kept.set(about, known),
      alone: (_, work) => work(),
    },
  });
  const deliver = async () => {
    const body = JSON.stringify({
      id: 1,
      created_at: '2026-11-28T10:00:00Z',
      currency: 'USD',
      subtotal_price: '9.50',
      refunds: [{ id: 7 }],
    });
    const signature = createHmac('sha256', 'secret').update(body).digest('base64');
    const headers = { 'X-Shopify-Hmac-Sha256': signature, 'X-Shopify-Topic': 'orders/updated' };
    return (await own.request('/v1/hooks/shopify', { method: 'POST', body, headers })).status;
  };
  expect([await deliver(), await deliver(), await deliver()]).toEqual([503, 200, 200]);
  expect(sent).toMatchObject([[{ name: 'purchase' }, { name: 'refund' }], [{ name: 'refund' }], ['ignored']]);
});
