import type { Fact } from '../facts.ts';
import type { Writes } from '../writes.ts';
import { abandonedInCarts, abandonedUnits, abandonedValue } from './keys.ts';

export function foldAbandonedCarts(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'cart' || fact.step !== 'abandoned') return;
  for (const { itemId, quantity, value } of fact.lines) {
    writes.add(abandonedInCarts, fact.opened, itemId);
    writes.add(abandonedUnits, fact.opened, itemId, quantity);
    writes.add(abandonedValue, fact.opened, itemId, value, fact.currency);
  }
}
