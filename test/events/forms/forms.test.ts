import { describe, expect, test } from 'vitest';
import { validateEvent } from '../../../src/events/validation/validate.ts';
import { arrivalAt } from '../../support/traffic/arrival.ts';

const arrival = arrivalAt(Date.parse('2026-11-20T12:00:00Z'));
const check = (sent: unknown) => validateEvent(sent, arrival);
const items = [{ item_id: 'i', price: 5 }];

describe('an event is the same wherever its fields stand', () => {
  test.each([
    ['`event` and `ecommerce`', { event: 'view_item', user_id: 'u', ecommerce: { items } }],
    ['`name` and `ecommerce`', { name: 'view_item', user_id: 'u', ecommerce: { items } }],
    ['`name` and `params`', { name: 'view_item', user_id: 'u', params: { items } }],
    ['what stands beside them goes first', { name: 'view_item', user_id: 'u', items, ecommerce: { items: [] } }],
    ['null beside them is absent', { event: 'view_item', name: null, user_id: 'u', items: null, ecommerce: { items } }],
  ])('%s', (_, sent) => {
    expect(check(sent)).toMatchObject({
      outcome: 'valid',
      event: { name: 'view_item', user_id: 'u', items },
      repairs: [],
    });
  });

  test('GA4’s params carry session and page', () => {
    const params = { ga_session_id: 1764, page_location: 'https://shop.example/a', coupon: 'X' };
    expect(check({ name: 'page_view', user_id: 'u', params })).toMatchObject({
      event: { session_id: '1764', page_location: 'https://shop.example/a', coupon: 'X' },
    });
  });

  test('Segment’s context is searched for page, device and campaign, and for nothing that is counted', () => {
    const context = {
      page: { url: 'https://shop.example/a', referrer: 'https://search.example/' },
      userAgent: 'Browser/1',
      device: { type: 'mobile' },
      campaign: { name: 'spring', source: 'newsletter', medium: 'email' },
      gclid: 'g1',
      value: 7,
      ip: '192.0.2.1',
    };
    const result = check({ name: 'page_view', user_id: 'u', utm_medium: 'own', context });
    expect(result).toMatchObject({
      event: {
        page_location: 'https://shop.example/a',
        page_referrer: 'https://search.example/',
        user_agent: 'Browser/1',
        device: 'mobile',
        utm_campaign: 'spring',
        utm_source: 'newsletter',
        utm_medium: 'own',
        gclid: 'g1',
      },
    });
    expect('event' in result && Object.keys(result.event)).not.toContain('value');
    expect(JSON.stringify(result)).not.toContain('192.0.2.1');
  });

  test('what a client leaves empty in its context is absent, and no repair', () => {
    const context = { page: { url: 'https://shop.example/a', referrer: '' }, campaign: { name: '' }, gclid: '' };
    const result = check({ name: 'page_view', user_id: 'u', context });
    expect(result).toMatchObject({ event: { page_location: 'https://shop.example/a' }, repairs: [] });
    expect('event' in result && Object.keys(result.event)).not.toContain('page_referrer');
  });

  test('what is wrong is named where it stands', () => {
    expect(check({ event: 'view_item', user_id: 'u', ecommerce: { items: [{ price: 1 }] } })).toMatchObject({
      path: 'ecommerce.items.0.item_id',
    });
    expect(check({ name: 'view_item', user_id: 'u', params: { value: -1 } })).toMatchObject({ path: 'params.value' });
    expect(check({ event: 'No Name', user_id: 'u' })).toMatchObject({ path: 'event' });
    const add = { products: [{ id: 'i', price: 'dear' }, { price: 1 }] };
    expect(check({ user_id: 'u', ecommerce: { add } })).toMatchObject({
      path: 'ecommerce.add.products.0.price',
      problems: [{}, { path: 'ecommerce.add.products.1.id' }],
    });
  });
});

describe('GA’s older data layer is the event of GA4', () => {
  const order = { id: 't', revenue: '35.43', tax: '4.90', shipping: '5.99', coupon: 'X' };
  const products = [{ id: 'p', name: 'Tee', price: '15.25', quantity: 1, brand: 'B', category: 'C', variant: 'V' }];
  const lines = [
    {
      item_id: 'p',
      item_name: 'Tee',
      price: 15.25,
      quantity: 1,
      item_brand: 'B',
      item_category: 'C',
      item_variant: 'V',
    },
  ];

  test('a purchase with its order and lines', () => {
    const ecommerce = { currencyCode: 'EUR', purchase: { actionField: order, products } };
    expect(check({ event: 'transaction', user_id: 'u', ecommerce })).toMatchObject({
      outcome: 'valid',
      event: {
        name: 'purchase',
        transaction_id: 't',
        currency: 'EUR',
        value: 35.43,
        tax: 4.9,
        shipping: 5.99,
        coupon: 'X',
        items: lines,
      },
    });
  });

  test.each([
    ['refund', { refund: { actionField: { id: 't' } } }],
    ['add_to_cart', { add: { products } }],
    ['remove_from_cart', { remove: { products } }],
    ['begin_checkout', { checkout: { actionField: { step: 1 }, products } }],
    ['select_item', { click: { actionField: { list: 'L' }, products } }],
    ['view_item', { detail: { products }, impressions: products }],
    ['view_item_list', { impressions: products }],
    ['view_item_list', { impressions: products, promoView: { promotions: [{ id: 'P' }] } }],
    ['view_promotion', { promoView: { promotions: [{ id: 'P' }] } }],
    ['select_promotion', { promoClick: { promotions: [{ id: 'P' }] } }],
  ])('%s', (name, ecommerce) => {
    expect(check({ user_id: 'u', ecommerce })).toMatchObject({ outcome: 'valid', event: { name } });
  });

  test('impressions come with any event, and do not make another of it', () => {
    const sent = { event: 'page_view', user_id: 'u', ecommerce: { impressions: products } };
    expect(check(sent)).toMatchObject({ event: { name: 'page_view', items: [{ item_id: 'p' }] } });
    const promoView = { promotions: [{ id: 'P' }] };
    expect(check({ ...sent, ecommerce: { promoView } })).toMatchObject({ event: { name: 'page_view' } });
  });

  test('one product in the place of the list, here and among `items`', () => {
    const [product] = products;
    const added = { event: { name: 'add_to_cart', items: lines } };
    expect(check({ user_id: 'u', ecommerce: { add: { products: product } } })).toMatchObject(added);
    expect(check({ event: 'add_to_cart', user_id: 'u', ecommerce: { items: product } })).toMatchObject(added);
    expect(check({ user_id: 'u', ecommerce: { add: { products: { 0: product } } } })).toMatchObject({
      path: 'ecommerce.add.products',
    });
  });
});

describe('an order in Tag Manager’s first data layer', () => {
  const order = {
    transactionId: 't',
    transactionTotal: '38.26',
    transactionTax: 1.29,
    transactionShipping: 5,
    transactionProducts: [{ sku: 'p', name: 'Tee', category: 'C', price: '11.99', quantity: 2 }],
  };
  const [transaction_id, items] = ['t', [{ item_id: 'p', item_name: 'Tee', item_category: 'C', price: 11.99 }]];

  test.each([
    ['with nothing beside it', {}, 'purchase'],
    ['with an event of the shop’s own', { event: 'transactionComplete' }, 'purchase'],
    ['with GA4’s', { event: 'purchase' }, 'purchase'],
    ['of a refund', { event: 'refund' }, 'refund'],
    ['of a refund in the shop’s spelling', { event: 'orderRefunded' }, 'refund'],
    ['with an empty `ecommerce`', { event: 'transactionComplete', ecommerce: {} }, 'purchase'],
    ['with what else the page has shown', { ecommerce: { impressions: [{ id: 'z', name: 'Z' }] } }, 'purchase'],
  ])('%s', (_, beside, name) => {
    const event = { name, transaction_id, value: 38.26, tax: 1.29, shipping: 5, items };
    const result = check({ ...beside, ...order, user_id: 'u' });
    expect(result).toMatchObject({ outcome: 'valid', event });
    const [first] = 'repairs' in result ? result.repairs : [];
    expect(first).toMatchObject({ rule: 'older_data_layer', path: 'transactionId' });
  });

  test('says what its lines are by `sku` or by `id`, and by `sku` where it says both', () => {
    const idsOf = (transactionProducts: unknown) => {
      const result = check({ ...order, transactionProducts, user_id: 'u' });
      return 'event' in result && 'items' in result.event ? result.event.items?.map(({ item_id }) => item_id) : result;
    };
    const line = { name: 'Tee', price: 11.99 };
    expect(
      idsOf([
        { ...line, id: 'a' },
        { ...line, sku: 'b' },
        { ...line, sku: 'c', id: 'd' },
      ]),
    ).toEqual(['a', 'b', 'c']);
    expect(idsOf([{ ...line, sku: null, id: 'a' }])).toEqual(['a']);
  });

  test('is told by its own fields where it is wrong', () => {
    expect(check({ ...order, transactionTotal: 'much', user_id: 'u' })).toMatchObject({ path: 'transactionTotal' });
    const transactionProducts = [{ sku: 'p', price: 'much' }];
    expect(check({ ...order, transactionProducts, user_id: 'u' })).toMatchObject({
      path: 'transactionProducts.0.price',
    });
  });

  test('is in the currency of `ecommerce` where it names none', () => {
    const result = check({ ...order, user_id: 'u', ecommerce: { currencyCode: 'EUR' } });
    expect(result).toMatchObject({ event: { name: 'purchase', value: 38.26, currency: 'EUR' } });
  });

  test.each([
    ['lines', { items: [{ item_id: 'p', quantity: 1 }] }],
    ['an amount', { value: 3 }],
  ])('says which one it is where today’s fields name %s, and leaves its own worth out', (_, today) => {
    for (const beside of [today, { ecommerce: today }]) {
      const result = check({ event: 'refund', ...order, ...beside, user_id: 'u' });
      expect(result).toMatchObject({ outcome: 'valid', event: { name: 'refund', transaction_id, ...today } });
      const worth = 'event' in result ? ['value', 'items', 'tax'].filter((field) => field in result.event) : [];
      expect(worth).toEqual(Object.keys(today));
    }
  });

  test.each([null, '', 0, false])('is none where its id is %j', (transactionId) => {
    const result = check({ event: 'pageview', ...order, transactionId, user_id: 'u' });
    expect(result).toMatchObject({ outcome: 'valid', event: { name: 'pageview' }, repairs: [] });
  });

  test('makes nothing else of an event that is none', () => {
    const result = check({ event: 'page_view', ...order, user_id: 'u' });
    expect(result).toMatchObject({ outcome: 'valid', event: { name: 'page_view' }, repairs: [] });
    expect('event' in result && Object.keys(result.event)).not.toContain('value');
  });
});

describe('GA4’s clearing push, and what is Tag Manager’s, is no event and no fault', () => {
  test.each([
    ['alone', { ecommerce: null }],
    ['with what Tag Manager adds', { ecommerce: null, 'gtm.uniqueEventId': 7, _clear: true }],
    ['Tag Manager’s own events', { event: 'gtm.dom', 'gtm.uniqueEventId': 3 }],
    ['with what a forwarder adds', { ecommerce: null, user_id: 'u', timestamp: 1, event: null }],
  ])('%s', (_, sent) => {
    expect(check(sent)).toEqual({ outcome: 'ignored' });
  });

  test('a name or an item beside it makes an event of it, good or bad', () => {
    expect(check({ event: 'purchase', user_id: 'u', ecommerce: null })).toMatchObject({ path: 'transaction_id' });
    expect(check({ ecommerce: null, user_id: 'u', items })).toMatchObject({ path: 'name' });
    expect(check({ event: 'page_view', user_id: 'u', ecommerce: null })).toMatchObject({
      outcome: 'valid',
      repairs: [],
    });
  });
});
