import { expect, test } from 'vitest';
import { questions } from '../../src/analytics/index.ts';
import { digestOf } from '../../src/keys/key.ts';
import type { Json } from '../support/system/system.ts';
import { appOf, keyRing } from './app-parts.ts';

const app = appOf(questions, {
  keys: keyRing({ read: [digestOf('reader')], admin: [digestOf('root')] }),
  archive: {
    begins: async () => undefined,
    upToNow: () => Promise.resolve(),
    missing: async () => [],
    exists: async () => true,
    query: async () => ({ columns: [], rows: [], isCut: false }),
    writeExport: async () => '',
    select: async () => ({ columns: [], rows: [], isCut: false }),
  },
});

async function refusal(path: string, key = 'root', body?: object): Promise<Json> {
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const response = await app.request(path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
  return response.json();
}

test.each([
  ['revenue?from=2026-11-20&to=2026-11-19', 'to', 'before-from', undefined],
  ['revenue?from=2020-01-01&to=2026-11-19', 'to', 'period-too-long', { days: 1_100 }],
  ['revenue?from=2026-02-30', 'from', 'not-a-date', undefined],
  ['revenue?from=yesterday', 'from', 'not-a-date', undefined],
  ['revenue?from=2026-10-01T00:00:00Z', 'from', 'hours-gone', { days: 8 }],
  ['revenue?from=2026-11-20T10:07:00Z', 'from', 'off-step', undefined],
  ['engagement?from=2025-01-01&to=2025-12-31&interval=hour', 'interval', 'hours-gone', { days: 8 }],
  ['engagement?from=2026-11-20T10:00:00Z&interval=day', 'interval', 'whole-days-only', undefined],
  ['revenue?currency=XQQ', 'currency', 'unknown-currency', undefined],
  ['revenue?shelf=x', 'shelf', 'unknown-parameter', undefined],
  ['revenue?city=Oslo&channel=Email', 'channel', 'one-filter', undefined],
  ['revenue?city=Oslo&breakdown=channel', 'breakdown', 'one-filter', undefined],
  ['products?limit=9999', 'limit', 'too-large', { most: 1_000 }],
  ['products?limit=0', 'limit', 'too-small', { least: 1 }],
  ['products?limit=many', 'limit', 'wrong-kind', undefined],
  ['inventory?status=gone', 'status', 'not-one-of', { allowed: 'low, out' }],
  ['funnel?funnel=none', 'funnel', 'not-one-of', { allowed: '' }],
  ['explore/funnel', 'steps', 'missing', undefined],
  ['explore/funnel?steps=view_item,x%20y', 'steps', 'bad-step', { step: 2 }],
  ['explore/funnel?steps=a,b,c,d,e,f,g,h,i', 'steps', 'too-long', { most: 8 }],
  ['explore/funnel?steps=[', 'steps', 'wrong-kind', undefined],
  ['explore/retention?from=2026-11-20T10:00:00Z', 'from', 'whole-days-only', undefined],
])('GET /v1/%s is refused for a reason that has a name', async (path, field, reason, values) => {
  const { errors } = await refusal(`/v1/${path}`);
  expect(errors).toEqual([{ path: field, message: expect.any(String), reason, ...(values && { values }) }]);
});

test.each([
  ['ftp://127.0.0.1/x', 'not-http'],
  ['http://shop.example/x', 'not-https'],
  ['https://10.0.0.1/x', 'private-address'],
  ['https://a:b@shop.example/x', 'has-password'],
  ['shop', 'not-a-url'],
])('an alert to %s is refused: %s', async (webhook, reason) => {
  const rule = { name: 'a', answer: 'revenue', field: 'orders', when: { above: 1 }, to: [{ webhook }] };
  const { errors } = await refusal('/v1/alerts', 'root', rule);
  expect(errors).toEqual([{ path: 'to.0.webhook', message: expect.any(String), reason }]);
});

test('an alert by mail is refused where there is no mail server, and what is empty is too short', async () => {
  const rule = { name: 'a', answer: 'revenue', field: 'orders', when: { above: 1 }, to: [{ email: 'a@b.example' }] };
  expect((await refusal('/v1/alerts', 'root', rule)).errors[0]).toMatchObject({ reason: 'no-mail-server' });
  expect((await refusal('/v1/views', 'root', { name: ' ', query: '' })).errors[0]).toMatchObject({
    ...{ path: 'name', reason: 'too-short', values: { least: 1 } },
  });
});

test('what is no part of the request has its reason beside the detail', async () => {
  expect(await refusal('/v1/abandonment/carts', 'none')).not.toHaveProperty('reason');
  expect(await refusal('/v1/audit', 'reader')).toMatchObject({ reason: 'needs-scope', values: { scope: 'admin' } });
  expect(await refusal('/v1/products/nothing')).toMatchObject({ reason: 'unknown-item', values: { item: 'nothing' } });
});
