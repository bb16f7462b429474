import { cumulate, type Random } from './random.ts';

/** What a visitor's first event says of how they came, and all of their events of what they hold in their hands. */
export interface Arrival {
  readonly device: string;
  readonly origin: Readonly<Record<string, string>>;
}

const PAGE = 'https://shop.example/';

const WAYS: readonly { readonly weight: number; readonly origin: Readonly<Record<string, string>> }[] = [
  { weight: 30, origin: { page_location: PAGE } },
  { weight: 24, origin: { page_location: PAGE, page_referrer: 'https://www.google.com/' } },
  { weight: 4, origin: { page_location: PAGE, page_referrer: 'https://www.bing.com/' } },
  { weight: 14, origin: { page_location: `${PAGE}?gclid=Cj0K`, page_referrer: 'https://www.google.com/' } },
  { weight: 10, origin: { page_location: `${PAGE}?utm_source=news&utm_medium=email&utm_campaign=autumn` } },
  { weight: 9, origin: { page_location: PAGE, page_referrer: 'https://l.instagram.com/' } },
  { weight: 5, origin: { page_location: `${PAGE}?utm_source=tiktok&utm_medium=paid&utm_campaign=lamps` } },
  { weight: 4, origin: { page_location: PAGE, page_referrer: 'https://blog.example/best-mugs' } },
];
const WAY_WEIGHTS = cumulate(WAYS.map(({ weight }) => weight));

const DEVICES = [
  { name: 'mobile', weight: 60 },
  { name: 'desktop', weight: 34 },
  { name: 'tablet', weight: 6 },
];
const DEVICE_WEIGHTS = cumulate(DEVICES.map(({ weight }) => weight));

export function nextArrival(random: Random): Arrival {
  const way = WAYS[random.weighted(WAY_WEIGHTS)];
  const device = DEVICES[random.weighted(DEVICE_WEIGHTS)];
  return { device: device?.name ?? 'mobile', origin: way?.origin ?? {} };
}
