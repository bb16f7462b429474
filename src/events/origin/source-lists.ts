/**
 * Who sends visitors, by a part of the host name (`google` in www.google.co.uk) or by the whole host (`t.co`). Names as in the list of
 * sources behind GA4's default channel groups (support.google.com/analytics/answer/9756891), those that shops meet; 2026-11-29.
 */
const SEARCH =
  'google bing yahoo duckduckgo ecosia baidu yandex naver daum seznam qwant startpage ask aol sogou so.com search.brave.com kagi.com mojeek swisscows presearch lycos dogpile onesearch avg rambler coccoc';
const SOCIAL =
  'facebook fb.me m.me instagram ig.me linkedin lnkd.in twitter t.co x.com pinterest pin.it reddit redd.it tiktok threads threads.net bsky.app mastodon snapchat tumblr vk vk.com whatsapp wa.me telegram t.me messenger quora discord discord.gg weibo wechat line.me nextdoor xing ok.ru medium substack disqus hatena livejournal meetup';
const SHOPPING =
  'amazon ebay etsy walmart aliexpress alibaba rakuten shopping.google.com idealo pricerunner shopzilla nextag kelkoo mercadolibre zalando shop.app igshopping shopee lazada flipkart temu target.com';
const VIDEO = 'youtube youtu.be vimeo dailymotion twitch netflix hulu disneyplus iqiyi crackle';

/** Where visitors pay, and come back from: never what brought them. */
const PAYMENT =
  'paypal stripe klarna adyen mollie razorpay paytm payu checkout.com braintreegateway braintree-api affirm afterpay clearpay sezzle zip.co sofort giropay ideal.nl bancontact przelewy24 paysafecard skrill alipay worldpay 2checkout authorize.net square squareup payone saferpay datatrans wallee sumup opayo sagepay trustly twint mercadopago pagseguro phonepe cashfree ccavenue billdesk instamojo pay.google.com pay.amazon.com payments.amazon.com applepay 3dsecure cardinalcommerce arcot securesuite acs.ecollect';

class SourceList {
  private readonly names: ReadonlySet<string>;
  constructor(names: string) {
    this.names = new Set(names.split(' '));
  }

  /** @param source a host, or what a campaign calls its source */
  has(source: string): boolean {
    const name = source.toLowerCase().replace(/^www\./, '');
    if (this.names.has(name)) return true;
    const parts = name.split('.');
    // The last part is a country or a kind, and nobody's name.
    return parts.slice(0, -1).some((part, i) => this.names.has(part) || this.names.has(parts.slice(i).join('.')));
  }
}

export const searchEngines = new SourceList(SEARCH);
export const socialNetworks = new SourceList(SOCIAL);
export const shoppingSites = new SourceList(SHOPPING);
export const videoSites = new SourceList(VIDEO);
export const paymentProviders = new SourceList(PAYMENT);
