/**
 * Who sends visitors, by a part of the host name (`google` in www.google.co.uk) or by the whole host (`t.co`); names of two letters
 * (`fb`, as Meta's tags have it) are a campaign's source alone. Names as in the list of sources behind GA4's default channel groups
 * (support.google.com/analytics/answer/9756891), those that shops meet; 2026-11-30.
 */
const SEARCH =
  'google bing yahoo duckduckgo ecosia baidu yandex naver daum seznam qwant startpage ask aol sogou so.com search.brave.com kagi.com mojeek swisscows presearch lycos dogpile onesearch avg rambler coccoc msn google-play onet virgilio centrum.cz go.mail.ru 360.cn';
const SOCIAL =
  'facebook fb.me m.me instagram ig.me linkedin lnkd.in twitter t.co x.com pinterest pin.it reddit redd.it tiktok threads threads.net bsky.app mastodon snapchat tumblr vk vk.com whatsapp wa.me telegram t.me messenger quora discord discord.gg weibo wechat line.me nextdoor xing ok.ru medium substack disqus hatena livejournal meetup fb ig kakao zalo yelp tripadvisor trustpilot foursquare wordpress blogger blogspot flickr flipboard goo.gl getpocket.com news.ycombinator.com stackoverflow stackexchange houzz myspace vkontakte odnoklassniki skype deviantart digg mixi.jp ameblo.jp blog.naver.com cafe.naver.com plus.google.com groups.google.com sites.google.com messages.google.com';
const SHOPPING =
  'amazon ebay etsy walmart aliexpress alibaba rakuten shopping.google.com idealo pricerunner shopzilla nextag kelkoo mercadolibre zalando shop.app igshopping shopee lazada flipkart temu target.com shopify shopping.naver.com shopping.yahoo.co.jp';
const VIDEO = 'youtube youtu.be vimeo dailymotion twitch netflix hulu disneyplus iqiyi crackle youku wistia ted.com';

/** Where visitors pay, and come back from: never what brought them. */
const PAYMENT =
  'paypal stripe klarna adyen mollie razorpay paytm payu checkout.com braintreegateway braintree-api affirm afterpay clearpay sezzle zip.co sofort giropay ideal.nl bancontact przelewy24 paysafecard skrill alipay worldpay 2checkout authorize.net square squareup payone saferpay datatrans wallee sumup opayo sagepay trustly twint mercadopago pagseguro phonepe cashfree ccavenue billdesk instamojo pay.google.com pay.amazon.com pay.amazon.de pay.amazon.co.uk pay.amazon.eu payments.amazon.com payments.amazon.de payments.amazon.co.uk apay-us.amazon.com checkout.shopify.com pay.shopify.com multisafepay buckaroo pay.nl ogone unzer computop redsys tpay paystack flutterwave payfast iyzico yookassa vipps mobilepay swish paytrail tabby tamara scalapay bluesnap cybersource payrexx postfinance applepay 3dsecure cardinalcommerce arcot securesuite acs.ecollect';

/** Of those who search: their mail, sign-in, documents and other apps, which GA4 has as referrals. */
const NO_SEARCH =
  /^(?!(?:lens|news|images|search|play|googlequicksearchbox\.android)\.google\.).+\.google\.|^(?!.*\bsearch\.yahoo\.).+\.yahoo\./;

class SourceList {
  private readonly names: ReadonlySet<string>;
  constructor(
    names: string,
    private readonly except?: RegExp,
  ) {
    this.names = new Set(names.split(' '));
  }

  /** @param source a host, or what a campaign calls its source */
  has(source: string): boolean {
    const name = source.toLowerCase().replace(/^www\./, '');
    if (this.names.has(name)) return true;
    const parts = name.split('.');
    // An app's name begins with what a host ends with: `com.pinterest`.
    if (/^(?:com|org|net)\./.test(name)) parts.reverse();
    if (this.except?.test(parts.join('.'))) return false;
    // The last part is a country or a kind, and nobody's name.
    return parts.slice(0, -1).some((part, i) => this.isPart(part) || this.names.has(parts.slice(i).join('.')));
  }

  private isPart(part: string): boolean {
    return part.length > 2 && this.names.has(part);
  }
}

export const searchEngines = new SourceList(SEARCH, NO_SEARCH);
export const socialNetworks = new SourceList(SOCIAL);
export const shoppingSites = new SourceList(SHOPPING);
export const videoSites = new SourceList(VIDEO);
export const paymentProviders = new SourceList(PAYMENT);
