import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { durationBucket } from '../../metrics/histogram.ts';
import type { Writes } from '../../metrics/writes.ts';

export const closedFunnel = family({
  name: 'funnel:closed',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  cap: 10_000,
  description: 'sessions that reached a stage in order, by the hour in which they began; also by city',
});

export const conversionTimes = family({
  name: 'funnel:times',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  description:
    'how long sessions took from the stage before, as a histogram for each stage, by the hour in which they began',
});

/** Stages that one event reached together were reached at the same moment; the first stage has none before it. */
function foldFunnel(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { began, city, reached } = fact.session;
  for (const { funnel, stages, seconds } of reached) {
    stages.forEach((stage, i) => {
      writes.addInCity(closedFunnel, began, stage, city, 1, funnel);
      const took = i === 0 ? seconds : 0;
      if (took !== undefined) writes.add(conversionTimes, began, `${stage}:${durationBucket(took)}`, 1, funnel);
    });
  }
}

export const funnelDefinition = {
  families: [closedFunnel, conversionTimes],
  fold: foldFunnel,
} satisfies Definition;
