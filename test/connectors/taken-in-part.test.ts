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

test('a shop is asked to send a report again that the log took in part, and what it said is not known yet', async () => {
  const kept: string[] = [];
  const own = appOf([], {
    acceptor,
    hookSecrets: { SHOPIFY_SECRETS: ['secret'], WOOCOMMERCE_SECRETS: [], MEDUSA_SECRETS: [] },
    reportedThings: {
      known: async () => undefined,
      keep: async (about) => void kept.push(about),
      alone: (_, work) => work(),
    },
  });
  const deliver = async (id: number, refunds: readonly object[]) => {
    const created_at = '2026-11-28T10:00:00Z';
    const body = JSON.stringify({ id, created_at, currency: 'USD', subtotal_price: '9.50', refunds });
    const signature = createHmac('sha256', 'secret').update(body).digest('base64');
    const headers = { 'X-Shopify-Hmac-Sha256': signature, 'X-Shopify-Topic': 'orders/updated' };
    return (await own.request('/v1/hooks/shopify', { method: 'POST', body, headers })).status;
  };
  expect(await deliver(1, [{ id: 7 }])).toBe(503);
  expect(kept).toEqual([]);
  expect(await deliver(2, [])).toBe(200);
  expect(kept).toEqual(['shopify:order:2']);
});
