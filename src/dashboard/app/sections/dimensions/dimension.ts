import { toggled } from '../../filter.ts';
import type { Shop } from '../../shop.ts';
import type { View } from '../../view.ts';
import { said } from '../../words/said.ts';
import type { SectionProps } from '../section.ts';

const CALLED: Readonly<Record<string, readonly [string, string]>> = {
  city: [said('City'), said('cities')],
  country: [said('Country'), said('countries')],
  device: [said('Device'), said('devices')],
  channel: [said('Channel'), said('channels')],
  source: [said('Source'), said('sources')],
  campaign: [said('Campaign'), said('campaigns')],
  store: [said('Store'), said('stores')],
  customer: [said('Customer'), said('customers')],
  currency: [said('Currency'), said('currencies')],
  lane: [said('Live or import'), said('imports')],
};

/** In a shop's words; own dimensions keep their names. */
export const calledDimension = (name: string): string => CALLED[name]?.[0] ?? name;
export const calledValues = (name: string): string => CALLED[name]?.[1] ?? said('values of {name}', { name });

/** A value in the reader’s words, where it is one that the server gives; all others are the shop’s own. */
export const calledValue = (value: string): string => (value === 'unknown' ? said('unknown') : value);

/** By which numbers are broken down: what is chosen, else what brought the visitors. */
export function breakdownOf({ breakdown }: View, { dimensions }: Shop): string {
  return dimensions.includes(breakdown) ? breakdown : usualOf(dimensions);
}

export const usualOf = (dimensions: readonly string[]): string => (dimensions.includes('channel') ? 'channel' : 'city');

/** A row that is chosen is followed by the whole page, until it is chosen again. */
export function choosing({ view, change }: SectionProps, dimension: string) {
  const filterTo = (row: object) => toggled(view, { dimension, value: valueIn(row, dimension) });
  return {
    onChoose: (row: object) => change(filterTo(row)),
    chosen: (row: object) => view.filter !== '' && filterTo(row).filter === '',
  };
}

/** What a row’s value is called. */
export const calledIn = (row: object, dimension: string): string => calledValue(valueIn(row, dimension));

/** Rows name their value by the dimension. */
export function valueIn(row: object, dimension: string): string {
  const found = Object.entries(row).find(([name]) => name === dimension);
  return String(found?.[1] ?? '');
}
