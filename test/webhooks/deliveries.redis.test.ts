import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { eventually, type Json } from '../support/system/system.ts';
import { webhookShop } from './webhook-shop.ts';

const shop = webhookShop();

describe('webhooks', () => {
  test('are tried again after a 500, a reset and a redirect, with the same id, until they are taken', async () => {
    const { secret } = await shop.make();
    shop.receiver.answers = [500, 'reset', 302, 200];
    await shop.abandon();
    await eventually('the fourth try', () => shop.receiver.received.length === 4);
    expect(new Set(shop.receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    for (const { headers, body } of shop.receiver.received) new Webhook(secret).verify(body, headers);
    expect(await shop.deliveries()).toEqual([]);
  });

  test('that hang are given up after 10 seconds and tried again', { timeout: 90_000 }, async () => {
    await shop.make();
    shop.receiver.answers = ['hang', 200];
    await shop.abandon();
    await eventually('the first try', () => shop.receiver.received.length === 1);
    const began = Date.now();
    await eventually('the second try', () => shop.receiver.received.length === 2);
    expect(Date.now() - began).toBeGreaterThan(9_000);
    // And at once, but for what busy cores take.
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  test('stop at a 410: nothing is sent there any more, until it is made again', async () => {
    const { id } = await shop.make();
    shop.receiver.answers = [410];
    await shop.abandon();
    await eventually('the delivery to be given up', async () => (await shop.deliveries()).length === 1);
    expect((await shop.deliveries())[0]).toMatchObject({ endpoint_id: id, type: 'cart.abandoned', attempts: 1 });
    expect(((await (await shop.send('GET', '/v1/webhooks')).json()) as Json).data[0].disabled_at).toBeDefined();
    // The next is given up unsent, or, once whoever notifies knows of the 410, meant for nobody.
    await shop.abandon();
    await eventually('it to be said', async () => (await shop.system.get('/v1/pipeline')).outbox.waiting === 0);
    await new Promise((done) => setTimeout(done, 600));
    expect(shop.receiver.received.length).toBe(1);
    shop.receiver.answers = [200];
    await shop.make();
    await shop.abandon();
    await eventually('the next one', () => shop.receiver.received.length === 2);
  });

  test('that fail for good are kept, can be looked at, and sent again', { timeout: 60_000 }, async () => {
    await shop.make();
    shop.receiver.answers = [410];
    await shop.abandon();
    await eventually('it to be given up', async () => (await shop.deliveries()).length === 1);
    const [dead] = await shop.deliveries();
    expect(dead.reason).toContain('410');
    shop.receiver.answers = [200];
    await shop.make();
    expect((await shop.send('POST', `/v1/webhooks/deliveries/${dead.id}/retry`)).status).toBe(202);
    await eventually('it to be sent again', () => shop.receiver.received.length === 2);
    expect(await shop.deliveries()).toEqual([]);
    expect((await shop.send('POST', `/v1/webhooks/deliveries/${dead.id}/retry`)).status).toBe(404);
  });

  test('rest after five failures in a row: the circuit is open, and no try is made', async () => {
    await shop.make();
    shop.receiver.answers = [500];
    await shop.abandon();
    await eventually('five tries', () => shop.receiver.received.length === 5);
    await shop.abandon();
    await new Promise((done) => setTimeout(done, 600));
    expect(shop.receiver.received.length).toBe(5);
    expect(await shop.deliveries()).toEqual([]);
  });
});
