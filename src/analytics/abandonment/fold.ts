import type { Fact } from '../facts.ts';
import { inCurrency } from '../fields.ts';
import { durationBucket } from '../histogram.ts';
import type { Writes } from '../writes.ts';
import { cartCounts, recoveryTimes } from './keys.ts';

export function foldAbandonment(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'cart') return;
  const count = (metric: string, by = 1): void => writes.addInCity(cartCounts, fact.opened, metric, fact.city, by);
  count(fact.step);
  if (fact.step === 'abandoned' || fact.step === 'recovered')
    count(inCurrency(`${fact.step}_value`, fact.currency), fact.value);
  if (fact.step === 'abandoned') count(`abandoned_at:${fact.stage}`);
  if (fact.recoverySeconds !== undefined)
    writes.add(recoveryTimes, fact.opened, String(durationBucket(fact.recoverySeconds)));
}
