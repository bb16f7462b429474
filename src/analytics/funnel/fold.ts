import type { Fact } from '../facts.ts';
import { durationBucket } from '../histogram.ts';
import type { Writes } from '../writes.ts';
import { conversionTimes } from './keys.ts';

/** Stages that one event reached together were reached at the same moment; the first stage has none before it. */
export function foldFunnel(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { began, reached } = fact.session;
  for (const { funnel, stages, seconds } of reached) {
    stages.forEach((stage, i) => {
      const took = i === 0 ? seconds : 0;
      if (took !== undefined) writes.add(conversionTimes, began, `${stage}:${durationBucket(took)}`, 1, funnel);
    });
  }
}
