import { describe, expect, test } from 'vitest';
import {
  ago,
  medusaCart,
  medusaOrder,
  medusaRefunds,
  shopifyCart,
  shopifyOrder,
  shopifyProduct,
  shopifyRefund,
  wooOrder,
  wooProduct,
} from './hook-payloads.ts';
import { reading } from './reading.ts';

const DAY = 24 * 60;
type Event = Record<string, unknown>;

/** As orders, carts and bills name them. */
const VISITORS = ['v-1', '115310627', 'buyer@shop.example', 'cus_1', 'cart-1'];

/** A shop's hook, and what is known of the shop's things by what it reported. */
function shop(way: 'shopify' | 'woocommerce' | 'medusa') {
  const known = new Map<string, string>();
  return (topic: string, body: object): Event[] => {
    const headers = { 'x-shopify-topic': topic, 'x-wc-webhook-topic': topic };
    const result = reading(way, JSON.stringify(way === 'medusa' ? { event: topic, data: body } : body), { headers });
    if (result.outcome === 'unreadable') throw new Error(result.message);
    return result.mapped().flatMap((one) => {
      if (one.outcome !== 'report') return one.outcome === 'event' ? [one.event] : [];
      const news = one.newsOf(known.get(one.about));
      const kept = news.knownWith(() => true);
      // What is kept of a thing for months is out of an erasure's reach.
      for (const visitor of VISITORS) expect(kept).not.toContain(visitor);
      known.set(one.about, kept);
      return [...news.events];
    });
  };
}
const namesOf = (events: readonly Event[]): unknown[] => events.map(({ name }) => name);

describe('of an order that was bought before the hook was there', () => {
  const refunds = [shopifyRefund(1, 1, '19.90')];
  const old = { created_at: ago(61 * DAY), refunds };

  test('nothing counts, neither it nor its refunds nor its end', () => {
    const report = shop('shopify');
    expect(report('orders/updated', shopifyOrder(1, old))).toEqual([]);
    expect(report('orders/cancelled', shopifyOrder(1, { ...old, cancelled_at: ago(1) }))).toEqual([]);
  });

  test('where it is younger than 60 days, all of it counts', () => {
    const events = shop('shopify')('orders/updated', shopifyOrder(1, { ...old, created_at: ago(59 * DAY) }));
    expect(namesOf(events)).toEqual(['purchase', 'refund']);
  });
});

test.each([
  ['shopify', 'orders/updated', shopifyOrder(1, { cancelled_at: ago(8), updated_at: ago(8) }), shopifyOrder(1)],
  [
    'woocommerce',
    'order.updated',
    wooOrder(1, { status: 'cancelled', date_modified_gmt: ago(8).slice(0, 19) }),
    wooOrder(1),
  ],
  ['medusa', 'order.updated', medusaOrder('1', { status: 'canceled', updated_at: ago(8) }), medusaOrder('1')],
] as const)(
  '%s: what overtook an order is kept without its visitor, and counts with the order as theirs',
  (way, topic, end, order) => {
    const report = shop(way);
    expect(report(topic, end)).toEqual([]);
    const events = report(topic, order);
    expect(namesOf(events)).toEqual(['purchase', 'refund']);
    const [purchase, refund] = events;
    for (const name of ['user_id', 'anonymous_id', 'transaction_id', 'city', 'currency'])
      expect([name, refund?.[name]]).toEqual([name, purchase?.[name]]);
    expect(purchase).toMatchObject({ anonymous_id: 'v-1' });
  },
);

describe('Shopify', () => {
  const refundOf = (more: object): Event | undefined => {
    const report = shop('shopify');
    report('orders/create', shopifyOrder(1));
    const refund = { ...shopifyRefund(1, 1, '10.00'), refund_line_items: [], ...more };
    return report('orders/updated', shopifyOrder(1, { refunds: [refund] }))[0];
  };

  test('what is paid back of shipping is in no refund’s value', () => {
    const order_adjustments = [
      { kind: 'shipping_refund', amount: '-4.10' },
      { kind: 'refund_discrepancy', amount: '-1.00' },
    ];
    expect(refundOf({ order_adjustments })).toMatchObject({ name: 'refund', value: 5.9 });
  });

  test('only what was really paid back is a refund’s value', () => {
    const transactions = [
      { kind: 'refund', status: 'success', amount: '3.00' },
      { kind: 'refund', status: 'failure', amount: '5.00' },
      { kind: 'void', status: 'success', amount: '7.00' },
    ];
    expect(refundOf({ transactions })).toMatchObject({ value: 3 });
  });

  test('a variant whose stock is not managed has a price and no level', () => {
    const { variants, ...product } = shopifyProduct('tee-m', 7, '21.90');
    const unmanaged = { ...product, variants: variants.map((one) => ({ ...one, inventory_management: null })) };
    expect(shop('shopify')('products/update', unmanaged)).toMatchObject([{ name: 'price_change', price: 21.9 }]);
  });

  test('what is sold beyond the stock is a level of 0', () => {
    const events = shop('shopify')('products/update', shopifyProduct('tee-m', -3, '21.90'));
    expect(events[0]).toMatchObject({ name: 'stock_update', item_id: 'tee-m', stock_level: 0 });
  });

  test('an item that lies in several lines of a cart is as much as all of them', () => {
    const report = shop('shopify');
    const cart = shopifyCart('c', 20, { a: 1 });
    const twice = { ...cart, line_items: [...cart.line_items, ...cart.line_items] };
    expect(report('carts/create', twice)).toMatchObject([{ name: 'add_to_cart', items: [{ quantity: 2 }] }]);
    expect(report('carts/update', shopifyCart('c', 10, { a: 1 }))).toMatchObject([
      { name: 'remove_from_cart', items: [{ item_id: 'a', quantity: 1 }] },
    ]);
  });

  test('the visitor is whom the page wrote into the order, else its cart, else its customer', () => {
    const visitorOf = (more: object) => shop('shopify')('orders/create', shopifyOrder(1, more))[0];
    expect(visitorOf({})).toMatchObject({ anonymous_id: 'v-1' });
    expect(visitorOf({ note_attributes: [] })).toMatchObject({ anonymous_id: 'cart-1' });
    const guest = visitorOf({ note_attributes: [], cart_token: null });
    expect(guest).toMatchObject({ user_id: '115310627' });
    expect(guest).not.toHaveProperty('anonymous_id');
  });
});

describe('WooCommerce', () => {
  test.each([
    ['checkout-draft', ['begin_checkout']],
    ['pending', ['begin_checkout']],
    ['on-hold', ['purchase']],
    ['processing', ['purchase']],
    ['completed', ['purchase']],
    ['cancelled', []],
    ['failed', []],
    ['refunded', []],
    ['trash', []],
    ['of a plugin', []],
  ])('an order that is first seen as %s is %j', (status, names) => {
    expect(namesOf(shop('woocommerce')('order.created', wooOrder(1, { status })))).toEqual(names);
  });

  test.each(['cancelled', 'failed'])('an order that was bought and is %s then is refunded, once', (status) => {
    const report = shop('woocommerce');
    report('order.created', wooOrder(1));
    expect(namesOf(report('order.updated', wooOrder(1, { status })))).toEqual(['refund']);
    expect(report('order.updated', wooOrder(1, { status }))).toEqual([]);
  });

  test('a guest is known by the address of the bill: nobody’s account is number 0', () => {
    const visitorOf = (customer_id: unknown) =>
      shop('woocommerce')('order.created', wooOrder(1, { customer_id, meta_data: [] }))[0];
    expect(visitorOf(0)).toMatchObject({ user_id: 'buyer@shop.example' });
    expect(visitorOf(26)).toMatchObject({ user_id: '26' });
    expect(visitorOf('0')).toEqual(visitorOf(0));
  });

  test('an item is its SKU, else its variation, else its product', () => {
    const itemOf = (more: object) => {
      const line_items = wooOrder(1).line_items.map((line) => ({ ...line, ...more }));
      return shop('woocommerce')('order.created', wooOrder(1, { line_items }))[0]?.['items'];
    };
    expect(itemOf({ sku: 'mug', variation_id: 7 })).toMatchObject([{ item_id: 'mug' }]);
    expect(itemOf({ variation_id: 7 })).toMatchObject([{ item_id: '7' }]);
    expect(itemOf({ variation_id: '0' })).toEqual(itemOf({ variation_id: 0 }));
    expect(itemOf({})).toMatchObject([{ item_id: '93' }]);
  });

  test('its moments are of UTC, though they do not say so', () => {
    const date_created_gmt = '2026-11-28T10:00:00';
    const events = shop('woocommerce')('order.created', wooOrder(1, { date_created_gmt }));
    expect(events).toMatchObject([{ timestamp: '2026-11-28T10:00:00Z' }]);
    expect(shop('woocommerce')('product.updated', wooProduct(93, null))).toMatchObject([
      { name: 'price_change', timestamp: expect.stringMatching(/Z$/) },
    ]);
  });
});

describe('Medusa', () => {
  test('its currency is in capitals, as everywhere else', () => {
    expect(shop('medusa')('order.placed', medusaOrder('o'))).toMatchObject([{ currency: 'USD' }]);
    expect(shop('medusa')('cart.created', medusaCart('c', 'v', 5, { a: 1 }))).toMatchObject([{ currency: 'USD' }]);
  });

  test('each refund has what was paid back; one of all that was paid is the order’s value', () => {
    const report = shop('medusa');
    report('order.placed', medusaOrder('o'));
    const part = report('payment.refunded', medusaOrder('o', medusaRefunds(14)));
    expect(part).toMatchObject([{ name: 'refund', value: 14 }]);
    // What is left, whatever shipping and taxes were: it says no value.
    const [rest, ...none] = report('payment.refunded', medusaOrder('o', medusaRefunds(14, 40)));
    expect(none).toEqual([]);
    expect(rest).not.toHaveProperty('value');
  });

  test('cart and order without a visitor of the page are one visitor by the cart', () => {
    const report = shop('medusa');
    const cart = { ...medusaCart('cart_1', 'v', 5, { a: 1 }), metadata: null };
    expect(report('cart.created', cart)).toMatchObject([{ anonymous_id: 'cart_1' }]);
    const order = medusaOrder('o', { metadata: null, cart: { id: 'cart_1' } });
    expect(report('order.placed', order)).toMatchObject([{ anonymous_id: 'cart_1' }]);
  });

  test('a level is what is left to sell', () => {
    const level = { id: 'iloc_1', stocked_quantity: 9, reserved_quantity: 2, inventory_item_id: 'iitem_1' };
    expect(shop('medusa')('inventory.inventory-level.updated', level)).toMatchObject([
      { name: 'stock_update', item_id: 'iitem_1', stock_level: 7 },
    ]);
  });
});
