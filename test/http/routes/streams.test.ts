import { expect, test } from 'vitest';
import { live } from '../../../src/analytics/live/route.ts';
import { Documented } from '../../support/system/documented.ts';
import { appOf } from '../app-parts.ts';

test('a question that is a stream is served as server-sent events, as many as may be, until the API stops', async () => {
  const closing = new AbortController();
  const limits = {
    maxEvents: 1,
    maxBodyBytes: 1,
    maxStreams: 1,
    maxStreamsPerKey: 1,
    allowsLoopback: true,
    hasMail: false,
    closing: closing.signal,
  };
  const app = appOf([live], { limits });
  const response = await app.request('/v1/live');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  const refused = await app.request('/v1/live');
  expect([refused.status, refused.headers.get('Retry-After')]).toEqual([429, '5']);
  for (const { headers } of [response, refused])
    expect(['Limit', 'Remaining', 'Reset'].map((name) => headers.get(`RateLimit-${name}`))).toEqual(['1', '0', '5']);
  setTimeout(() => closing.abort(), 50);
  const first = `retry: 2000\n\nid: 2026-11-20T12:00:12+00:00\nevent: snapshot\ndata: ${JSON.stringify({
    at: '2026-11-20T12:00:12+00:00',
    as_of: '2026-11-20T12:00:11+00:00',
    active_users: 0,
    events_per_second: 0,
    window: { start: '2026-11-20T12:00:05+00:00', counts: {} },
    open_carts: 0,
    open_carts_value: 0,
    orders_today: 0,
    revenue_today: 0,
    refunds_today: 0,
    currency: 'USD',
  })}\n\n`;
  const text = await response.text();
  expect(text.slice(0, first.length)).toBe(first);
  const documented = new Documented(async (path) => appOf([live]).request(path));
  await documented.checkEvents('/v1/live', text);
  await expect(documented.checkEvents('/v1/live', text.replace('"currency"', '"money"'))).rejects.toThrow('money');
});
