import type { Fact } from '../facts.ts';
import { inCity } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { closedFunnel } from './keys.ts';

export function foldFunnel(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { began, city, reached } = fact.session;
  for (const { funnel, stages } of reached) {
    for (const stage of stages) {
      writes.add(closedFunnel, began, stage, 1, funnel);
      writes.add(closedFunnel, began, inCity(stage, city), 1, funnel);
    }
  }
}
