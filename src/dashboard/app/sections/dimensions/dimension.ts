import type { Shop } from '../../shop.ts';
import type { View } from '../../view.ts';

const CALLED: Readonly<Record<string, readonly [string, string]>> = {
  city: ['City', 'cities'],
  country: ['Country', 'countries'],
  device: ['Device', 'devices'],
  channel: ['Channel', 'channels'],
  source: ['Source', 'sources'],
  campaign: ['Campaign', 'campaigns'],
  store: ['Store', 'stores'],
};

/** In a shop's words; own dimensions keep their names. */
export const calledDimension = (name: string): string => CALLED[name]?.[0] ?? name;
export const calledValues = (name: string): string => CALLED[name]?.[1] ?? `values of ${name}`;

/** By which numbers are broken down: what is chosen, else what brought the visitors. */
export function breakdownOf({ breakdown }: View, { dimensions }: Shop): string {
  const usual = dimensions.includes('channel') ? 'channel' : 'city';
  return dimensions.includes(breakdown) ? breakdown : usual;
}

/** Rows name their value by the dimension. */
export function valueIn(row: object, dimension: string): string {
  const found = Object.entries(row).find(([name]) => name === dimension);
  return String(found?.[1] ?? '');
}
