import { DAY, type OracleEvent } from './events.ts';

const ATTRIBUTION = 30 * DAY;

/** What a session is counted by. */
export interface Values {
  city: string;
  country: string;
  device: string;
  channel: string;
}

export const DIMENSIONS = ['city', 'country', 'device', 'channel'] as const;

/** Under which name the ledger has what is counted for a value; cities stand for themselves. */
export function ofValue(what: string, dimension: keyof Values, value: string): string {
  return dimension === 'city' ? `${what}|${value}` : `${what}|${dimension}=${value}`;
}

/** Channels of the campaigns and referrers that the tests' traffic has, as GA4's table of default channel groups says them. */
function channelOf(event: OracleEvent): string | undefined {
  const query = (event.page_location ?? '').split('?')[1] ?? '';
  if (event.gclid !== undefined || query.includes('gclid=')) return 'Paid Search';
  if (query.includes('utm_medium=email')) return 'Email';
  if (query.includes('utm_source=tiktok')) return 'Paid Social';
  const host = (event.page_referrer ?? '').split('/')[2] ?? '';
  if (host === 'www.google.com' || host === 'www.bing.com') return 'Organic Search';
  if (host === 'm.facebook.com' || host === 'l.instagram.com') return 'Organic Social';
  if (host === 'blog.example') return 'Referral';
  // A payment provider, the shop itself, or nothing.
  return undefined;
}

function deviceOf(event: OracleEvent): string | undefined {
  if (event.device !== undefined) return event.device;
  if (event.user_agent === undefined) return undefined;
  if (event.user_agent.includes('Googlebot')) return 'bot';
  return event.user_agent.includes('iPhone') ? 'mobile' : 'desktop';
}

/** What an event names. */
export function namedBy(event: OracleEvent): Partial<Values> {
  const named: Partial<Values> = {};
  if (event.city !== undefined) named.city = event.city;
  if (event.country !== undefined) named.country = event.country;
  const [device, channel] = [deviceOf(event), channelOf(event)];
  if (device !== undefined) named.device = device;
  if (channel !== undefined) named.channel = channel;
  return named;
}

/** Who was brought last by what, and when. */
export class LastTouches {
  readonly of = new Map<string, { at: number; channel: string }>();

  note(user: string, { channel }: Partial<Values>, now: number): void {
    if (channel !== undefined) this.of.set(user, { at: now, channel });
  }

  /** What a session that begins now is counted by as long as it names nothing. */
  unnamed(user: string, now: number): Values {
    const touch = this.of.get(user);
    const isKnown = touch !== undefined && now - touch.at <= ATTRIBUTION;
    return { city: 'unknown', country: 'unknown', device: 'unknown', channel: isKnown ? touch.channel : 'Direct' };
  }
}
