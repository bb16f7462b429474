import { expect, test } from 'vitest';
import { read, reading } from './reading.ts';

const way = 'measurement-protocol';
/** Where a request names no session, its events are of the one that the visitor is in. */
const running = { session_id: '(running)' };
const body = (more: object, event: object = { name: 'page_view', params: {} }): string =>
  JSON.stringify({ client_id: '11.22', events: [event], ...more });

test('client_id is the anonymous visitor, user_id the known one, and params are the fields of the event', () => {
  const params = { transaction_id: 'o1', currency: 'EUR', session_id: 17, items: [{ item_id: 'i1', price: 19.9 }] };
  expect(read(way, body({ user_id: 'u1' }, { name: 'purchase', params }))).toEqual([
    { name: 'purchase', user_id: 'u1', anonymous_id: '11.22', params },
  ]);
});

test('an app’s instance stands for its client', () => {
  expect(read(way, JSON.stringify({ app_instance_id: 'a1', events: [{ name: 'screen_view' }] }))).toEqual([
    { name: 'screen_view', anonymous_id: 'a1', ...running },
  ]);
});

test.each([
  ['of the event', { timestamp_micros: 1 }, 1_795_876_505_123_456],
  ['as text', {}, '1795876505123000'],
])('the time in microseconds is one in milliseconds: %s', (_, more, micros) => {
  expect(read(way, body(more, { name: 'page_view', timestamp_micros: micros }))).toEqual([
    { name: 'page_view', anonymous_id: '11.22', timestamp: 1_795_876_505_123, ...running },
  ]);
});

test('what stands beside the events goes for each: time, place, device, user agent', () => {
  const more = {
    timestamp_micros: 1_795_876_505_000_000,
    user_location: { city: 'Oslo', country_id: 'NO' },
    device: { category: 'mobile' },
    user_agent: 'Shop/1',
  };
  expect(read(way, body(more))).toEqual([
    {
      name: 'page_view',
      anonymous_id: '11.22',
      timestamp: 1_795_876_505_000,
      city: 'Oslo',
      country: 'NO',
      device: 'mobile',
      user_agent: 'Shop/1',
      params: {},
      ...running,
    },
  ]);
});

test('a name in capitals is counted in lower case', () => {
  expect(read(way, body({}, { name: 'Gift_Wrapped' }))).toMatchObject([{ name: 'gift_wrapped' }]);
});

test.each(['', '[]', '{"client_id": "1.2"}', '{"events": 7}'])('%s is no request of it', (text) => {
  expect(reading(way, text)).toEqual({ outcome: 'unreadable', message: expect.stringContaining('`events`') });
});
