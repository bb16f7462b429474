import { describe, expect, test } from 'vitest';
import { deviceOf } from '../../../src/events/origin/device.ts';
import { type OriginFields, touchOf } from '../../../src/events/origin/touch.ts';

const PAGE = 'https://shop.example/shoes';
const NOT_SET = '(not set)';

describe('what brought a visitor', () => {
  test.each<[string, OriginFields, channel: string, source: string, campaign: string]>([
    [
      'a tagged newsletter',
      { page_location: `${PAGE}?utm_source=news&utm_medium=email&utm_campaign=spring` },
      'Email',
      'news',
      'spring',
    ],
    [
      'tags as fields go before those of the address',
      { page_location: `${PAGE}?utm_medium=email`, utm_medium: 'cpc', utm_source: 'google' },
      'Paid Search',
      'google',
      NOT_SET,
    ],
    ['a click id of Google', { page_location: `${PAGE}?gclid=1` }, 'Paid Search', 'google', NOT_SET],
    ['a click id of Bing as a field', { msclkid: '1' }, 'Paid Search', 'bing', NOT_SET],
    ['a click id of TikTok', { page_location: `${PAGE}?ttclid=1` }, 'Paid Social', 'tiktok', NOT_SET],
    [
      'a click id of Facebook, which unpaid links have too',
      { page_location: `${PAGE}?fbclid=1` },
      'Organic Social',
      'facebook',
      NOT_SET,
    ],
    [
      'a search engine',
      { page_location: PAGE, page_referrer: 'https://www.google.co.uk/' },
      'Organic Search',
      'google.co.uk',
      NOT_SET,
    ],
    [
      'a social network',
      { page_location: PAGE, page_referrer: 'https://l.instagram.com/?u=x' },
      'Organic Social',
      'l.instagram.com',
      NOT_SET,
    ],
    [
      'a short link of one',
      { page_location: PAGE, page_referrer: 'https://t.co/x' },
      'Organic Social',
      't.co',
      NOT_SET,
    ],
    [
      'a video site',
      { page_location: PAGE, page_referrer: 'https://www.youtube.com/watch' },
      'Organic Video',
      'youtube.com',
      NOT_SET,
    ],
    [
      'a shopping site',
      { page_location: PAGE, page_referrer: 'https://www.idealo.de/' },
      'Organic Shopping',
      'idealo.de',
      NOT_SET,
    ],
    [
      'any other page',
      { page_location: PAGE, page_referrer: 'https://blog.example/post' },
      'Referral',
      'blog.example',
      NOT_SET,
    ],
    [
      'a campaign for shopping that is paid',
      { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'shopping-eu' },
      'Paid Shopping',
      'google',
      'shopping-eu',
    ],
    ['a campaign that Meta tags by itself', { utm_source: 'fb', utm_medium: 'paid' }, 'Paid Social', 'fb', NOT_SET],
    ['a link that Instagram tags', { utm_source: 'ig', utm_medium: 'bio' }, 'Organic Social', 'ig', NOT_SET],
    ...(
      [
        ['https://fb.example/', 'Referral'],
        ['https://m.vk.com/feed', 'Organic Social'],
        ['https://mail.google.com/mail', 'Referral'],
        ['https://accounts.google.de/', 'Referral'],
        ['https://groups.google.com/g/x', 'Organic Social'],
        ['https://news.google.com/', 'Organic Search'],
        ['https://de.search.yahoo.com/', 'Organic Search'],
        ['https://mail.yahoo.com/', 'Referral'],
        ['https://ntp.msn.com/edge', 'Organic Search'],
        ['android-app://com.slack/', 'Referral'],
        ['android-app://com.google.android.gm/', 'Referral'],
        ['android-app://com.google.android.googlequicksearchbox/https/www.google.com', 'Organic Search'],
        ['android-app://com.pinterest/', 'Organic Social'],
        ['android-app://com.linkedin.android/', 'Organic Social'],
      ] as const
    ).map(([referrer, channel]): [string, OriginFields, string, string, string] => {
      const [, host = ''] = /^[a-z-]+:\/\/(?:www\.)?([^/]+)/.exec(referrer) ?? [];
      return [referrer, { page_location: PAGE, page_referrer: referrer }, channel, host, NOT_SET];
    }),
    ['a banner', { utm_source: 'partner', utm_medium: 'banner' }, 'Display', 'partner', NOT_SET],
    ['an affiliate', { utm_source: 'partner', utm_medium: 'affiliate' }, 'Affiliates', 'partner', NOT_SET],
    ['a text message', { utm_source: 'sms', utm_medium: 'x' }, 'SMS', 'sms', NOT_SET],
    ['a push', { utm_source: 'app', utm_medium: 'web-push' }, 'Mobile Push Notifications', 'app', NOT_SET],
    [
      'tags that say nothing that is known',
      { utm_source: 'flyer', utm_medium: 'paper' },
      'Unassigned',
      'flyer',
      NOT_SET,
    ],
  ])('%s', (_, event, channel, source, campaign) => {
    expect(touchOf(event)).toEqual({ channel, source, campaign });
  });

  test.each<[string, OriginFields]>([
    ['nothing is said', {}],
    ['there is no referrer', { page_location: PAGE }],
    ['it is the shop itself', { page_location: PAGE, page_referrer: 'https://www.shop.example/cart' }],
    ['it is another host of the shop', { page_location: 'https://checkout.shop.example/', page_referrer: PAGE }],
    ['it is who was paid by', { page_location: PAGE, page_referrer: 'https://www.paypal.com/checkoutnow' }],
    ['it is a bank that asked for a code', { page_location: PAGE, page_referrer: 'https://3ds.cardinalcommerce.com/' }],
    ['it is no address', { page_location: PAGE, page_referrer: 'about:blank' }],
    ['it is who was paid by, in Europe', { page_location: PAGE, page_referrer: 'https://payments.amazon.de/' }],
    ['it is an app in which was paid', { page_location: PAGE, page_referrer: 'android-app://com.paypal.android/' }],
  ])('nothing, where %s', (_, event) => {
    expect(touchOf(event)).toBeUndefined();
  });
});

describe('the device', () => {
  test.each([
    [
      'a phone',
      'mobile',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'a tablet',
      'tablet',
      'Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1',
    ],
    [
      'a computer',
      'desktop',
      'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    ],
    ['a bot', 'bot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['a script', 'bot', 'curl/8.5.0'],
  ])('%s by its browser', (_, device, agent) => {
    expect(deviceOf({ user_agent: agent })).toBe(device);
  });

  test('as the event names it, whatever the browser says', () => {
    expect(deviceOf({ device: 'iOS', user_agent: 'x' })).toBe('mobile');
    expect(deviceOf({ device: 'fridge' })).toBe('unknown');
    expect(deviceOf({})).toBeUndefined();
  });
});
