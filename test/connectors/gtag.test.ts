import { expect, test } from 'vitest';
import { read, reading } from './reading.ts';

const way = 'gtag';
const SHARED =
  'v=2&tid=G-1&cid=11.22&sid=17&dl=https%3A%2F%2Fshop.example%2Fok&dr=https%3A%2F%2Fsearch.example%2F&cu=USD';
const WHERE = {
  anonymous_id: '11.22',
  session_id: '17',
  currency: 'USD',
  page_location: 'https://shop.example/ok',
  page_referrer: 'https://search.example/',
};

test('an event in the address alone has its visitor, session, page and own parameters', () => {
  const query = `${SHARED}&uid=u1&en=purchase&ep.transaction_id=00123&epn.value=25.5&ep.city=Oslo&pr1=idsku-1~nmTee`;
  expect(read(way, '', { query })).toEqual([
    {
      ...WHERE,
      name: 'purchase',
      user_id: 'u1',
      items: [{ item_id: 'sku-1', item_name: 'Tee' }],
      params: { transaction_id: '00123', value: 25.5, city: 'Oslo' },
    },
  ]);
});

test('an order’s number stays the text that it is', () => {
  const query = `${SHARED}&en=purchase&epn.transaction_id=12345678901234567890`;
  expect(read(way, '', { query })).toMatchObject([{ params: { transaction_id: '12345678901234567890' } }]);
});

test('each line of the body is an event, with what the address says of all', () => {
  const body = 'en=page_view\r\nen=view_item&pr1=idsku-1&dl=https%3A%2F%2Fshop.example%2Fmug\r\n';
  expect(read(way, body, { query: SHARED })).toEqual([
    { ...WHERE, name: 'page_view', params: {} },
    {
      ...WHERE,
      name: 'view_item',
      page_location: 'https://shop.example/mug',
      items: [{ item_id: 'sku-1' }],
      params: {},
    },
  ]);
});

test('a line of an order has every field that GA4 knows of an item', () => {
  const pr1 = 'idi~nmn~brb~cac~c2d~c3e~c4f~c5g~vav~lnl~cpp~pr12.5~ds0.5~qt2~lp1~k0size~v0XL';
  expect(read(way, '', { query: `${SHARED}&en=view_item&pr1=${pr1}&pr2=idj` })).toMatchObject([
    {
      items: [
        {
          item_id: 'i',
          item_name: 'n',
          item_brand: 'b',
          item_category: 'c',
          item_category2: 'd',
          item_category3: 'e',
          item_category4: 'f',
          item_category5: 'g',
          item_variant: 'v',
          item_list_name: 'l',
          coupon: 'p',
          price: 12.5,
          discount: 0.5,
          quantity: 2,
        },
        { item_id: 'j' },
      ],
    },
  ]);
});

test('a tilde within a value is written twice', () => {
  expect(read(way, '', { query: `${SHARED}&en=view_item&pr1=idi~nmA~~B~pr1` })).toMatchObject([
    { items: [{ item_id: 'i', item_name: 'A~B', price: 1 }] },
  ]);
});

test.each(['user_engagement', 'session_start', 'first_visit'])(
  '%s, which gtag sends by itself, counts nowhere',
  (en) => {
    expect(read(way, `en=${en}\nen=page_view`, { query: SHARED })).toMatchObject(['ignored', { name: 'page_view' }]);
  },
);

test('the key is in the address or in the lines, and no parameter of the event', () => {
  const text = 'en=page_view&ep.cartpulse_key=pk_shop';
  expect(reading(way, text, { query: SHARED })).toMatchObject({ key: 'pk_shop', mapped: [{ event: { params: {} } }] });
});

test('a request without an event is refused', () => {
  expect(reading(way, '', { query: SHARED })).toEqual({
    outcome: 'unreadable',
    message: expect.stringContaining('`en`'),
  });
});
