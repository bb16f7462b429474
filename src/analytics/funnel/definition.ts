import type { Counting, Definition } from '../../metrics/definition.ts';
import type { StagesReached } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import { durationBucket } from '../../metrics/histogram.ts';
import { NO_VALUE } from '../../metrics/sums/dimension-values.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { WindowSums } from '../../metrics/sums/window-sums.ts';

export const closedFunnel = family({
  name: 'funnel:closed',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  cap: 10_000,
  description: 'sessions that reached a stage in order, by the hour in which they began',
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
function countFunnels(sums: Sums): Counting {
  const count = (began: WindowSums, dimensions: number, funnel: string, stage: string, tookS: number | undefined) => {
    began.add(sums.counter(closedFunnel, stage, funnel), dimensions);
    if (tookS === undefined) return;
    began.add(sums.counter(conversionTimes, `${stage}:${durationBucket(tookS)}`, funnel), NO_VALUE);
  };
  const countAll = (began: WindowSums, dimensions: number, reached: readonly StagesReached[], sign: 1 | -1): void => {
    for (const { funnel, stages } of reached)
      for (const stage of stages) began.add(sums.counter(closedFunnel, stage, funnel), dimensions, sign);
  };
  return {
    event({ session: { began, dimensions, moved, reached } }) {
      if (moved !== undefined) {
        countAll(began, moved.from, moved.reached, -1);
        countAll(began, dimensions, moved.reached, 1);
      }
      for (const { funnel, stages, seconds } of reached)
        for (let i = 0; i < stages.length; i++)
          count(began, dimensions, funnel, stages[i] ?? '', i === 0 ? seconds : 0);
    },
    session: ({ began, dimensions, reached, sign }) => countAll(began, dimensions, reached, sign),
  };
}

export const funnelDefinition = {
  families: [closedFunnel, conversionTimes],
  count: countFunnels,
} satisfies Definition;
