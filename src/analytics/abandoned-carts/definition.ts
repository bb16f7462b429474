import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

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
export const abandonedUnits = ranking('units', 'units of an item in abandoned carts, in thousandths');
export const abandonedValue = ranking('value', 'worth of an item in abandoned carts, in minor units', ['currency']);

function countAbandonedCarts(sums: Sums): Counting {
  const { items } = sums.dictionaries;
  const [inCarts, units] = [sums.members(abandonedInCarts, 'items'), sums.members(abandonedUnits, 'items')];
  return {
    cart({ step, sign, opened, currency, lines }) {
      if (step !== 'abandoned') return;
      const worth = sums.members(abandonedValue, 'items', currency);
      for (const { itemId, units: left, value } of lines) {
        const item = items.ofText(itemId);
        opened.add(inCarts, item, sign);
        opened.add(units, item, sign * left);
        opened.add(worth, item, sign * value);
      }
    },
  };
}

export const abandonedCartsDefinition = {
  families: [abandonedInCarts, abandonedUnits, abandonedValue],
  count: countAbandonedCarts,
} satisfies Definition;
