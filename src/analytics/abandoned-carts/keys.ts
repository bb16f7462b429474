import { family } from '../families.ts';

const ranking = <const N extends string>(name: N, holds: string, dimensions: readonly string[] = []) =>
  family({ name: `abandoned:${name}`, kind: 'ranking', windows: ['hour', 'day'], dimensions, cap: 20_000, holds });

export const abandonedInCarts = ranking('carts', 'abandoned carts that held an item, by the hour in which they opened');
export const abandonedUnits = ranking('units', 'units of an item in abandoned carts');
export const abandonedValue = ranking('value', 'worth of an item in abandoned carts, in minor units', ['currency']);

export const abandonedCartFamilies = [abandonedInCarts, abandonedUnits, abandonedValue];
