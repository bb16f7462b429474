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

test('an address as its script of September 2025 asks for it has of the shop what it has, and nothing of the tag', () => {
  const recorded =
    'v=2&tid=G-XXXXXXX&gtm=45je59h0v800000000za204zd800000000&_p=1795976505867&gcs=G111&gcd=13t3t3t3t5l1&npa=0&dma=0' +
    '&cid=649778708.1795976506&ecid=416823926&ul=en-us&sr=1280x720&_fplc=0&ur=NO-03&frm=0&pscdl=noapi&_eu=AAAAAAQ' +
    '&sst.rnd=1834636069.1795976506&sst.etld=google.no&sst.tft=1795976505867&sst.lpc=244100935&sst.navt=n&sst.ude=0' +
    '&sst.sw_exp=1&_s=3&tag_exp=101509157~103116026&uid=u1&cu=USD&sid=1795976506&sct=1&seg=0' +
    '&dl=http%3A%2F%2Fshop.example%2Fcap%3Futm_source%3Dnews%26utm_medium%3Demail&dt=Shop&_tu=BA&en=view_item&_ee=1' +
    '&pr1=idsku-1~nmA~~B%20%26%20C~brPlain~caMugs~c2Big~vaL~pr9.5~qt2~ds0.5~cpX~lnHome~lp3~afme~lol1' +
    '~k0item_url~v0%2Fcap~k1size~v1XL~k2colour~v2red' +
    '&ep.cartpulse_key=pk_shop&epn.value=9.5&_et=1684&tfd=2332&richsstsse';
  const item = {
    item_id: 'sku-1',
    item_name: 'A~B & C',
    item_brand: 'Plain',
    item_category: 'Mugs',
    item_category2: 'Big',
    item_variant: 'L',
    item_list_name: 'Home',
    item_url: '/cap',
    price: 9.5,
    quantity: 2,
    discount: 0.5,
    coupon: 'X',
  };
  expect(read(way, '', { query: recorded })).toEqual([
    {
      name: 'view_item',
      anonymous_id: '649778708.1795976506',
      user_id: 'u1',
      session_id: '1795976506',
      currency: 'USD',
      page_location: 'http://shop.example/cap?utm_source=news&utm_medium=email',
      items: [item],
      params: { value: 9.5 },
    },
  ]);
});

test('a campaign that the page names itself is the event’s', () => {
  const query = `${SHARED}&en=page_view&cs=news&cm=email&cn=spring&ck=tee&cc=top&ci=7`;
  expect(read(way, '', { query })).toMatchObject([
    {
      utm_source: 'news',
      utm_medium: 'email',
      utm_campaign: 'spring',
      utm_term: 'tee',
      utm_content: 'top',
      utm_id: '7',
    },
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
  expect(reading(way, text, { query: SHARED })).toMatchObject({ key: 'pk_shop' });
  expect(read(way, text, { query: SHARED })).toMatchObject([{ params: {} }]);
});

test('a request without an event is refused', () => {
  expect(reading(way, '', { query: SHARED })).toEqual({
    outcome: 'unreadable',
    message: expect.stringContaining('`en`'),
  });
});

test('lines are counted before any is mapped: so many of them, behind a long address, take no time', () => {
  const query = `${SHARED}&${Array.from({ length: 150 }, (_, i) => `ep.${i}=`).join('&')}`;
  const startMs = performance.now();
  expect(reading(way, `${'a\n'.repeat(500_000)}en=page_view`, { query })).toMatchObject({ sent: 500_001 });
  // Mapping them takes a minute.
  expect(performance.now() - startMs).toBeLessThan(30_000);
});

test('an address of more than 200 parameters is taken for one event, and not for each of several', () => {
  const query = Array.from({ length: 201 }, (_, i) => `ep.${i}=`).join('&');
  expect(reading(way, 'en=scroll\nen=scroll', { query })).toMatchObject({ outcome: 'unreadable' });
  expect(reading(way, 'en=scroll\nen=scroll', { query: query.slice(6) })).toMatchObject({ sent: 2 });
  expect(reading(way, 'en=scroll', { query })).toMatchObject({ sent: 1 });
});
