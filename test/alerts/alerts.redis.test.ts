import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MailServer } from '../support/servers/mail-server.ts';
import { startRedis, type TestRedis } from '../support/servers/redis-server.ts';
import { WebhookReceiver } from '../support/servers/webhook-receiver.ts';
import { eventually, type Json, startSystem, type TestSystem } from '../support/system/system.ts';

let redis: TestRedis;
let system: TestSystem;
let hook: WebhookReceiver;
let slack: WebhookReceiver;
let mail: MailServer;
let urls: { hook: string; slack: string };
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  [hook, slack, mail] = [new WebhookReceiver(), new WebhookReceiver(), new MailServer()];
  urls = { hook: await hook.start(), slack: await slack.start() };
  const environment = { SMTP_URL: await mail.start(), SMTP_FROM: 'cartpulse <alerts@shop.example>' };
  system = await startSystem(redis.url, environment, { alertsEveryMs: 200 });
  await system.startCounting();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await system.close();
  for (const one of [hook, slack, mail]) one.close();
});
afterAll(() => redis.stop());

async function post(rule: Readonly<Record<string, unknown>>): Promise<[number, Json]> {
  const given = { name: 'few left', answer: 'products/sku-1', field: 'stock_level', when: { below: 5 }, ...rule };
  const body = JSON.stringify({
    to: [{ webhook: urls.hook }, { slack: urls.slack }, { email: 'a@b.example' }],
    ...given,
  });
  const headers = { 'Content-Type': 'application/json' };
  const response = await system.request('/v1/alerts', { method: 'POST', headers, body });
  return [response.status, await response.json()];
}

const stock = async (level: number): Promise<void> => {
  await system.post({ name: 'stock_update', item_id: 'sku-1', stock_level: level });
  await system.settled();
};
const startJobs = async (): Promise<void> => {
  const jobs = await system.system.startRollups();
  stops.push(() => jobs.stop());
};
const types = (): string[] => hook.received.map(({ body }) => JSON.parse(body).type);

test('GET /v1/alerts/value says what an alert would look at, or why there is no such number', async () => {
  const put = (user_id: string, price: number) =>
    system.post({ name: 'purchase', user_id, transaction_id: user_id, city: 'Oslo', items: [{ item_id: 'a', price }] });
  for (const [user, price] of [
    ['ann', 10],
    ['bob', 5.5],
  ] as const)
    await put(user, price);
  await system.settled();
  const value = (query: string) => system.get(`/v1/alerts/value?${query}`);
  expect(await value('answer=revenue&field=revenue')).toEqual({ value: 15.5 });
  expect(await value('answer=revenue&field=revenue&filter=currency%3DEUR')).toEqual({ value: 0 });
  expect(await value('answer=cities&field=city%3DOslo.orders&filter=city%3DOslo')).toEqual({ value: 2 });
  expect(await value('answer=engagement&field=sessions&filter=city%3DRoma')).toEqual({ value: 0 });
  expect(await value('answer=engagement&field=sessions&filter=city%3DOslo')).toEqual({ value: 2 });
  expect(await value('answer=revenue&field=orders&over_minutes=60')).toEqual({ value: 0 });
  expect(await value('answer=revenue&field=average_order_value&filter=currency%3DEUR')).toEqual({ value: null });
  const refused = async (query: string): Promise<string> =>
    ((await (await system.request(`/v1/alerts/value?${query}`)).json()) as Json).detail;
  expect(await refused('answer=revenues&field=orders')).toBe('answer: there is no answer /v1/revenues');
  expect(await refused('answer=revenue&field=orders&filter=town%3DRoma')).toBe(
    'filter.town: is not known here, only interval, limit, currency, compare, city, country, device, channel, breakdown',
  );
  expect(await refused('answer=funnel&field=stages.0.count&over_minutes=90')).toContain('must be a multiple of 60');
});

test('an alert is made also where nothing is counted yet', async () => {
  const behind = await startSystem(redis.url, {});
  stops.push(() => behind.close());
  await behind.post({ name: 'page_view', user_id: 'ann' });
  const rule = {
    name: 'few',
    answer: 'revenue',
    field: 'orders',
    over_minutes: 60,
    when: { below: 5 },
    to: [{ slack: urls.slack }],
  };
  const headers = { 'Content-Type': 'application/json' };
  const made = await behind.request('/v1/alerts', { method: 'POST', headers, body: JSON.stringify(rule) });
  const { errors }: Json = await made.json();
  expect([made.status, errors]).toEqual([201, undefined]);
});

describe('an alert', () => {
  test('is sent as signed webhook, to Slack and by mail, once, and once more when it is over', async () => {
    await stock(9);
    const [status, { data }] = await post({});
    expect([status, data.status, data.to[0]]).toEqual([201, 'new', { by: 'webhook', host: new URL(urls.hook).host }]);
    await startJobs();
    await eventually('it was looked at', async () => (await system.get('/v1/alerts'))[0].status === 'ok');
    await stock(3);
    await eventually('it fires', () => hook.received.length === 1 && slack.received.length === 1);
    await eventually('the mail', () => mail.received.length === 1);
    const [got] = hook.received;
    const message: Json = new Webhook(data.secrets[0]).verify(got?.body ?? '', got?.headers ?? {});
    expect(message).toMatchObject({ type: 'alert.fired', data: { name: 'few left', value: 3, alert_id: data.id } });
    expect(JSON.parse(slack.received[0]?.body ?? '').text).toContain(
      'few left: stock_level of products/sku-1 is 3 now',
    );
    expect(mail.received[0]).toContain('To: a@b.example');
    expect(mail.received[0]).toContain('Auto-Submitted: auto-generated');
    expect(mail.received[0]).toContain('Subject: cartpulse: few left: stock_level of products/sku-1 is 3');
    await stock(2);
    await new Promise((done) => setTimeout(done, 1_000));
    expect(types()).toEqual(['alert.fired']);
    await stock(20);
    await eventually('it is over', () => types().length === 2);
    expect(types()).toEqual(['alert.fired', 'alert.over']);
    const [listed] = await system.get('/v1/alerts');
    expect(listed).toMatchObject({
      status: 'ok',
      value: 20,
      history: [
        { turn: 'over', value: 20 },
        { turn: 'fired', value: 3 },
      ],
    });
    expect(JSON.stringify(listed)).not.toContain('/hook');
  });

  test('is sent again where its receiver fails, also by another process', async () => {
    await stock(1);
    hook.answers = [500, 200];
    await post({ to: [{ webhook: urls.hook }] });
    await startJobs();
    await startJobs();
    await eventually('both tries', () => hook.received.length === 2, 20_000);
    const ids = hook.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(1);
    await new Promise((done) => setTimeout(done, 1_000));
    expect(hook.received.length).toBe(2);
  });

  test('that was removed says nothing more', async () => {
    await stock(9);
    const [, { data }] = await post({});
    await startJobs();
    await eventually('it was looked at', async () => (await system.get('/v1/alerts'))[0].status === 'ok');
    expect((await system.request(`/v1/alerts/${data.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await system.request(`/v1/alerts/${data.id}`, { method: 'DELETE' })).status).toBe(404);
    await stock(1);
    await new Promise((done) => setTimeout(done, 1_000));
    expect([hook.received.length, await system.get('/v1/alerts')]).toEqual([0, []]);
  });

  test.each([
    [{ answer: 'revenues' }, 'answer'],
    [{ answer: 'revenue', field: 'orderz' }, 'field'],
    [{ answer: 'revenue', field: '__proto__' }, 'field'],
    [{ answer: 'breakdowns/nope', field: 'sum.orders' }, 'answer'],
    [{ answer: 'products', field: 'sum.viewz' }, 'field'],
    [{ answer: 'products', field: 'sum.item_id' }, 'field'],
    [{ answer: 'searches', field: '0.search_term' }, 'field'],
    [{ answer: 'abandonment/carts', field: 'sum.items' }, 'field'],
    [{ answer: 'revenue', field: 'orders', filter: { ciy: 'Oslo' } }, 'filter.ciy'],
    [{ answer: 'revenue', field: 'orders', filter: { currency: 'XX' } }, 'filter.currency'],
    [{ answer: 'revenue', field: 'orders', when: { drop_percent: 50 } }, 'over_minutes'],
    [{ answer: 'engagement', field: 'events', over_minutes: 15 }, 'over_minutes'],
    [{ answer: 'revenue', field: 'orders', over_minutes: 20 }, 'over_minutes'],
    [{ when: { above: 1, below: 2 } }, 'when'],
    [{ to: [{ slack: 'http://10.0.0.1/x' }] }, 'to.0.slack'],
    [{ to: [{ webhook: 'https://[::127.0.0.1]/x' }] }, 'to.0.webhook'],
    [{ to: [] }, 'to'],
  ])('such as %j is refused, and it is said what is wrong', async (rule, path) => {
    await stock(9);
    const [status, problem] = await post(rule);
    expect([status, problem.errors?.[0].path]).toEqual([400, path]);
  });

  test.each([
    ['products', 'sum.views'],
    ['products', '0.views'],
    ['searches', 'max.count'],
    ['abandonment/carts', 'max.value'],
    ['funnel', 'stages.stage=purchase.count'],
    ['cities', 'city=Oslo.sessions'],
    ['breakdowns/channel', 'sum.orders'],
  ])('of %s may be about %s, also while there is no row', async (answer, field) => {
    expect(await post({ answer, field, when: { above: 1 } })).toMatchObject([201, {}]);
  });

  test('of an hour that is over is looked at once it is counted', async () => {
    const hour = 3_600_000;
    const began = Math.floor((Date.now() - 120_000) / hour) * hour;
    // In the hour after it as well, where that is looked at before this ends.
    const ends = [began, began + hour].filter((end) => end <= Date.now());
    const orders = ends.flatMap((end) =>
      Array.from({ length: 3 }, (_, i) => ({
        name: 'purchase',
        user_id: `u${i}`,
        transaction_id: `t${end}-${i}`,
        value: 5,
        timestamp: new Date(end - 1_000).toISOString(),
      })),
    );
    await system.post(orders);
    await system.settled();
    const field = 'stages.stage=purchase.count';
    const [status] = await post({
      answer: 'funnel',
      field,
      filter: { funnel: 'quick' },
      over_minutes: 60,
      when: { above: -1 },
    });
    expect(status).toBe(201);
    await post({ name: 'bought', answer: 'revenue', field: 'orders', over_minutes: 60, when: { above: 2 } });
    await startJobs();
    await eventually('both fire', () => types().length === 2);
  });
});
