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
