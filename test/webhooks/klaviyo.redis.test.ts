import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StandInKlaviyo } from '../support/servers/klaviyo.ts';
import { eventually } from '../support/system/system.ts';
import { webhookShop } from './webhook-shop.ts';

let klaviyo: StandInKlaviyo;
beforeEach(async () => {
  klaviyo = new StandInKlaviyo();
  await klaviyo.start();
});
afterEach(() => klaviyo.close());

const BACKOFF_MS = 1_500;
const settings = () => ({ KLAVIYO_API_KEY: 'pk_private', KLAVIYO_URL: klaviyo.url });

let people = 0;
const address = (): string => `visitor-${people++}@mail.example`;
const recordedOf = (): string[] => klaviyo.recorded.map((one) => one.replace(/ [^ ]+$/, ''));
const WITHIN = { timeout: 90_000 };

describe('with a key', () => {
  const shop = webhookShop({ environment: settings, backoffMs: BACKOFF_MS });
  const buy = async (user: string): Promise<void> => {
    const order = {
      name: 'purchase',
      user_id: user,
      transaction_id: `o-${user}`,
      items: [{ item_id: 'a', price: 12.5 }],
    };
    expect((await shop.system.post([order])).status).toBe(202);
    await shop.system.settled();
  };

  test('an abandoned cart is an event of Klaviyo’s, in the form that its API documents', WITHIN, async () => {
    const email = address();
    await shop.abandon({ user_id: email });
    await eventually('the event', () => klaviyo.asked.length === 1);
    const [asked] = klaviyo.asked;
    expect(asked).toMatchObject({ path: '/api/events', headers: { revision: '2024-10-15' } });
    const { attributes } = asked?.body.data ?? {};
    expect(attributes).toMatchObject({
      metric: { data: { type: 'metric', attributes: { name: 'Cart Abandoned' } } },
      profile: { data: { type: 'profile', attributes: { email } } },
      properties: { city: 'Pune', items: [{ item_id: 'a', quantity: 1, price: 12.5 }], source: 'live' },
      time: attributes.properties.abandoned_at,
      value: 12.5,
      value_currency: 'USD',
    });
    // The address stands where Klaviyo looks for it, and nowhere else.
    expect(JSON.stringify(attributes.properties)).not.toContain('mail.example');
    expect(recordedOf()).toEqual(['Cart Abandoned']);
  });

  test('a cart that is bought later is recovered there as well, behind its being abandoned', WITHIN, async () => {
    const email = address();
    await shop.abandon({ user_id: email });
    await eventually('the first event', () => klaviyo.recorded.length === 1);
    await buy(email);
    await eventually('the second event', () => klaviyo.recorded.length === 2);
    expect(recordedOf()).toEqual(['Cart Abandoned', 'Cart Recovered']);
  });

  test('what fails is tried again under the same unique_id, so that Klaviyo has it once', WITHIN, async () => {
    klaviyo.answers = ['reset', 500];
    await shop.abandon({ user_id: address() });
    await eventually('three tries', () => klaviyo.asked.length === 3);
    const ids = klaviyo.asked.map(({ body }) => body.data.attributes.unique_id);
    expect(new Set(ids).size).toBe(1);
    expect(klaviyo.recorded).toEqual([`Cart Abandoned ${ids[0]}`]);
    expect(await shop.deliveries()).toEqual([]);
  });

  test(
    'a cart that is bought while its being abandoned could not be told is told as recovered alone',
    WITHIN,
    async () => {
      const email = address();
      klaviyo.answers = [500];
      await shop.abandon({ user_id: email });
      await eventually('the first try', () => klaviyo.asked.length === 1);
      await buy(email);
      await eventually('the recovered one', () => klaviyo.recorded.length === 1);
      expect(recordedOf()).toEqual(['Cart Recovered']);
      await sleep(2 * BACKOFF_MS);
      expect(klaviyo.asked).toHaveLength(2);
    },
  );

  test('a wrong key shows in the log at its first try, once, long before anything is given up', WITHIN, async () => {
    klaviyo.answers = [401, 401];
    await shop.abandon({ user_id: address() });
    await eventually('three tries', () => klaviyo.asked.length === 3);
    const told = shop.system.warned.filter((one) => one.includes('klaviyo'));
    expect(told).toEqual([expect.stringContaining('answered 401')]);
  });

  test('a 429 is waited for as long as it says', WITHIN, async () => {
    klaviyo.answers = [{ status: 429, retryAfter: '4' }];
    await shop.abandon({ user_id: address() });
    await eventually('the event', () => klaviyo.recorded.length === 1);
    const [first, second, third] = klaviyo.asked;
    expect(third).toBeUndefined();
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_900);
  });

  test('what Klaviyo refuses is given up, and listed for admins', WITHIN, async () => {
    klaviyo.answers = [400];
    await shop.abandon({ user_id: address() });
    await eventually('it to be given up', async () => (await shop.deliveries()).length === 1);
    const [dead] = await shop.deliveries();
    expect(dead).toMatchObject({ endpoint_id: 'klaviyo', type: 'cart.abandoned', attempts: 1, reason: 'answered 400' });
    expect((await shop.send('POST', `/v1/webhooks/deliveries/${dead.id}/retry`)).status).toBe(202);
    await eventually('it to be sent again', () => klaviyo.recorded.length === 1);
  });

  test('visitors without an address stay here', WITHIN, async () => {
    await shop.abandon();
    const email = address();
    await shop.abandon({ user_id: email });
    await eventually('the event', () => klaviyo.asked.length > 0);
    expect(klaviyo.asked).toHaveLength(1);
    expect(JSON.stringify(klaviyo.asked[0]?.body)).toContain(email);
  });

  test('webhooks are sent beside it', WITHIN, async () => {
    await shop.make();
    await shop.abandon({ user_id: address() });
    await eventually('both', () => klaviyo.recorded.length === 1 && shop.receiver.received.length === 1);
  });
});

describe('with profiles of all', () => {
  const shop = webhookShop({ environment: () => ({ ...settings(), KLAVIYO_PROFILES: 'all' }) });

  test('a visitor without an address is one by external_id', WITHIN, async () => {
    const user = await shop.abandon();
    await eventually('the event', () => klaviyo.recorded.length === 1);
    expect(klaviyo.asked[0]?.body.data.attributes.profile.data.attributes).toEqual({ external_id: user });
  });
});

describe('without a key', () => {
  const shop = webhookShop({ environment: () => ({ KLAVIYO_URL: klaviyo.url }) });

  test('nothing leaves', WITHIN, async () => {
    await shop.make();
    await shop.abandon({ user_id: address() });
    await eventually('its webhook', () => shop.receiver.received.length === 1);
    expect(klaviyo.asked).toEqual([]);
  });
});
