import { searchEngines, shoppingSites, socialNetworks, videoSites } from './source-lists.ts';

/** What brought a visitor, as campaigns are tagged. */
export interface Campaign {
  readonly source: string;
  readonly medium: string;
  readonly campaign: string;
}

const PAID = /^(.*cp.*|ppc|retargeting|paid.*)$/;
const SHOP_CAMPAIGN = /^(.*(([^a-df-z]|^)shop|shopping).*)$/;
const EMAIL = /^(email|e-mail|e_mail|e mail)$/;
const SOCIAL_MEDIUM = /^(social|social-network|social-media|sm|social network|social media)$/;
const DISPLAY_MEDIUM = /^(display|banner|expandable|interstitial|cpm)$/;

const isShopping = ({ source, campaign }: Campaign): boolean =>
  shoppingSites.has(source) || SHOP_CAMPAIGN.test(campaign);
const isPaid = ({ medium }: Campaign): boolean => PAID.test(medium);

/**
 * GA4's default channel groups (support.google.com/analytics/answer/9756891, as of 2026-11-29), in its order: the first that fits is it.
 * All texts are in lower case.
 */
const CHANNELS: readonly (readonly [channel: string, fits: (of: Campaign) => boolean])[] = [
  ['Cross-network', ({ campaign }) => campaign.includes('cross-network')],
  ['Paid Shopping', (of) => isPaid(of) && isShopping(of)],
  ['Paid Search', (of) => isPaid(of) && searchEngines.has(of.source)],
  ['Paid Social', (of) => isPaid(of) && socialNetworks.has(of.source)],
  ['Paid Video', (of) => isPaid(of) && videoSites.has(of.source)],
  ['Display', ({ medium }) => DISPLAY_MEDIUM.test(medium)],
  ['Paid Other', isPaid],
  ['Organic Shopping', isShopping],
  ['Organic Social', ({ source, medium }) => socialNetworks.has(source) || SOCIAL_MEDIUM.test(medium)],
  ['Organic Video', ({ source, medium }) => videoSites.has(source) || medium.includes('video')],
  ['Organic Search', ({ source, medium }) => searchEngines.has(source) || medium === 'organic'],
  ['Referral', ({ medium }) => medium === 'referral' || medium === 'app' || medium === 'link'],
  ['Email', ({ source, medium }) => EMAIL.test(source) || EMAIL.test(medium)],
  ['Affiliates', ({ medium }) => medium === 'affiliate'],
  ['Audio', ({ medium }) => medium === 'audio'],
  ['SMS', ({ source, medium }) => source === 'sms' || medium === 'sms'],
  [
    'Mobile Push Notifications',
    ({ source, medium }) =>
      medium.endsWith('push') || medium.includes('mobile') || medium.includes('notification') || source === 'firebase',
  ],
];

export function channelOf({ source, medium, campaign }: Campaign): string {
  const of = { source: source.toLowerCase(), medium: medium.toLowerCase(), campaign: campaign.toLowerCase() };
  return CHANNELS.find(([, fits]) => fits(of))?.[0] ?? 'Unassigned';
}
