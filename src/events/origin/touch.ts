import { type Campaign, channelOf } from './channels.ts';
import { paymentProviders, searchEngines } from './source-lists.ts';

/** What of an event may say where its visitor came from. */
export interface OriginFields {
  readonly page_location?: string | undefined;
  readonly page_referrer?: string | undefined;
  readonly utm_source?: string | undefined;
  readonly utm_medium?: string | undefined;
  readonly utm_campaign?: string | undefined;
  readonly gclid?: string | undefined;
  readonly gbraid?: string | undefined;
  readonly wbraid?: string | undefined;
  readonly dclid?: string | undefined;
  readonly msclkid?: string | undefined;
  readonly ttclid?: string | undefined;
  readonly twclid?: string | undefined;
  readonly fbclid?: string | undefined;
}

export interface Touch {
  readonly channel: string;
  readonly source: string;
  readonly campaign: string;
}

const NOT_SET = '(not set)';

/** What advertisers put behind a link; of Facebook's its unpaid links have one as well. */
const CLICK_IDS: readonly (readonly [field: keyof OriginFields, source: string, medium: string])[] = [
  ['gclid', 'google', 'cpc'],
  ['gbraid', 'google', 'cpc'],
  ['wbraid', 'google', 'cpc'],
  ['dclid', 'google', 'cpm'],
  ['msclkid', 'bing', 'cpc'],
  ['ttclid', 'tiktok', 'cpc'],
  ['twclid', 'twitter', 'cpc'],
  ['fbclid', 'facebook', 'referral'],
];

export const CLICK_ID_FIELDS: readonly (keyof OriginFields)[] = CLICK_IDS.map(([field]) => field);

/** What brought a visitor to the page of this event; undefined where nothing says that anything did. */
export function touchOf(event: OriginFields): Touch | undefined {
  const { page_location: location, page_referrer: referrer } = event;
  const isTagged = event.utm_source !== undefined || event.utm_medium !== undefined || event.utm_campaign !== undefined;
  if (
    location === undefined &&
    referrer === undefined &&
    !isTagged &&
    !CLICK_IDS.some(([id]) => event[id] !== undefined)
  )
    return undefined;
  const page = urlOf(location);
  const campaign = campaignOf(event, page?.searchParams) ?? referralOf(referrer, page);
  return campaign && { channel: channelOf(campaign), source: campaign.source, campaign: campaign.campaign };
}

function campaignOf(event: OriginFields, query: URLSearchParams | undefined): Campaign | undefined {
  const said = (field: keyof OriginFields): string | undefined =>
    event[field] ?? (query?.get(field)?.trim() || undefined);
  const click = CLICK_IDS.find(([id]) => said(id) !== undefined);
  const [source, medium, campaign] = [said('utm_source'), said('utm_medium'), said('utm_campaign')];
  if (source === undefined && medium === undefined && campaign === undefined && click === undefined) return undefined;
  return {
    source: source ?? click?.[1] ?? NOT_SET,
    medium: medium ?? click?.[2] ?? NOT_SET,
    campaign: campaign ?? NOT_SET,
  };
}

/** Pages of the shop itself, and of whom it has paid by, bring nobody. */
function referralOf(referrer: string | undefined, page: URL | undefined): Campaign | undefined {
  const host = hostOf(urlOf(referrer));
  if (host === '' || paymentProviders.has(host) || isOwn(host, hostOf(page))) return undefined;
  const medium = searchEngines.has(host) ? 'organic' : 'referral';
  return { source: host, medium, campaign: NOT_SET };
}

/** `checkout.shop.example` belongs to `shop.example`. */
function isOwn(host: string, own: string): boolean {
  return own !== '' && (host === own || host.endsWith(`.${own}`) || own.endsWith(`.${host}`));
}

function urlOf(text: string | undefined): URL | undefined {
  return text === undefined ? undefined : (URL.parse(text) ?? undefined);
}

/** Of a page; or the name of the app that opened the link, as Android's browsers say it: `android-app://com.slack/`. */
function hostOf(url: URL | undefined): string {
  return url === undefined || !/^(https?|android-app):$/.test(url.protocol) ? '' : url.hostname.replace(/^www\./, '');
}
