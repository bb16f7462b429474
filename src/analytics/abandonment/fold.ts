import type { Fact } from '../facts.ts';
import { inCity, inCurrency } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { cartCounts } from './keys.ts';

export function foldAbandonment(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'cart') return;
  const count = (metric: string, by = 1): void => {
    writes.add(cartCounts, fact.opened, metric, by);
    writes.add(cartCounts, fact.opened, inCity(metric, fact.city), by);
  };
  count(fact.step);
  if (fact.step === 'abandoned' || fact.step === 'recovered')
    count(inCurrency(`${fact.step}_value`, fact.currency), fact.value);
}
