import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

const ranking = <const N extends string>(name: N, description: string, dimensions: readonly string[] = []) =>
  family({
    name: `abandoned:${name}`,
    kind: 'ranking',
    windows: ['hour', 'day'],
    dimensions,
    cap: 20_000,
    description,
  });

export const abandonedInCarts = ranking('carts', 'abandoned carts that held an item, by the hour in which they opened');
export const abandonedUnits = ranking('units', 'units of an item in abandoned carts');
export const abandonedValue = ranking('value', 'worth of an item in abandoned carts, in minor units', ['currency']);

function foldAbandonedCarts(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'cart' || fact.step !== 'abandoned') return;
  for (const { itemId, quantity, value } of fact.lines) {
    writes.add(abandonedInCarts, fact.opened, itemId);
    writes.add(abandonedUnits, fact.opened, itemId, quantity);
    writes.add(abandonedValue, fact.opened, itemId, value, fact.currency);
  }
}

export const abandonedCartsDefinition = {
  families: [abandonedInCarts, abandonedUnits, abandonedValue],
  fold: foldAbandonedCarts,
} satisfies Definition;
