import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { Sender } from '../../../src/events/origin/sender.ts';
import { type BrowserParts, senderOfBrowsers } from '../../../src/http/sending/browsers.ts';

const KNOWN = new Map([
  ['81.2.69.1', { city: 'Oslo', country: 'NO' }],
  ['81.2.69.2', { city: 'Bergen', country: 'NO' }],
  ['89.160.20.1', { city: 'Lund', country: 'SE' }],
]);

async function senderOf(headers: Record<string, string>, parts: Partial<BrowserParts> = {}) {
  let sender: Sender | undefined;
  const read = senderOfBrowsers({ keys: { isOpen: true }, locate: (address) => KNOWN.get(address), ...parts });
  const app = new Hono().get('/', (context) => {
    sender = read(context, 'pk_shop', true);
    return context.text('');
  });
  await app.request('/', { headers });
  return sender;
}
const locationOf = async (headers: Record<string, string>, parts: Partial<BrowserParts> = {}) =>
  (await senderOf(headers, parts))?.location;

describe('where a browser is says the header of whoever stands before', () => {
  test.each([
    ['Cloudflare', { 'CF-IPCity': 'Paris', 'CF-IPCountry': 'FR' }, { city: 'Paris', country: 'FR' }],
    [
      'CloudFront',
      { 'CloudFront-Viewer-City': 'Paris', 'CloudFront-Viewer-Country': 'FR' },
      { city: 'Paris', country: 'FR' },
    ],
    [
      'Vercel',
      { 'X-Vercel-IP-City': 'S%C3%A3o%20Paulo', 'X-Vercel-IP-Country': 'BR' },
      { city: 'São Paulo', country: 'BR' },
    ],
    ['App Engine', { 'X-AppEngine-City': 'paris', 'X-AppEngine-Country': 'FR' }, { city: 'paris', country: 'FR' }],
    ['nobody that knows', { 'CF-IPCountry': 'XX', 'X-AppEngine-City': '?' }, {}],
    ['UTF-8 as a header shows it', { 'CF-IPCity': Buffer.from('Malmö').toString('latin1') }, { city: 'Malmö' }],
    ['a broken encoding', { 'CF-IPCity': '100%' }, { city: '100%' }],
    ['too long a city', { 'CF-IPCity': 'x'.repeat(129) }, {}],
  ])('%s', async (_, headers, location) => {
    expect(await locationOf(headers, { locate: undefined })).toEqual(location);
  });
});

describe('what headers leave open is found by the address', () => {
  test.each([
    ['the last public one behind a proxy', { 'X-Forwarded-For': '89.160.20.1, 81.2.69.1, 10.0.0.7' }, 'Oslo'],
    ['of a country that a header names', { 'X-Forwarded-For': '81.2.69.1', 'CF-IPCountry': 'NO' }, 'Oslo'],
    ['not of another country', { 'X-Forwarded-For': '89.160.20.1', 'CF-IPCountry': 'NO' }, undefined],
    ['no address', {}, undefined],
    ['an unknown address', { 'X-Forwarded-For': '8.8.8.8' }, undefined],
    ['one in a private network', { 'X-Forwarded-For': '192.168.1.5' }, undefined],
  ])('%s', async (_, headers, city) => {
    expect((await locationOf(headers))?.city).toBe(city);
  });

  test('of the header that the settings name, and of no other', async () => {
    const headers = { 'X-Forwarded-For': '81.2.69.1', 'CF-Connecting-IP': '81.2.69.2' };
    expect(await locationOf(headers, { addressHeader: 'CF-Connecting-IP' })).toEqual({ city: 'Bergen', country: 'NO' });
    expect(await locationOf({ 'X-Forwarded-For': '81.2.69.1' }, { addressHeader: 'CF-Connecting-IP' })).toEqual({});
  });
});
