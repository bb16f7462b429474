import type { EventFact, Fact } from './facts.ts';
import { family } from './families.ts';
import { inCity } from './fields.ts';
import type { Writes } from './writes.ts';

/** Sessions and how far they came: behind engagement, sessions, funnels and cities, so it belongs to the core and to no slice. */
export const engagementCounts = family({
  name: 'engagement',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  holds:
    'events by their hour; sessions, bounces and milliseconds of sessions by the hour in which they began; also by city',
});

export const closedFunnel = family({
  name: 'funnel:closed',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: ['funnel'],
  cap: 10_000,
  holds: 'sessions that reached a stage in order, by the hour in which they began; also by city',
});

export const sessionCountFamilies = [engagementCounts, closedFunnel];

export function foldSessionCounts(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, session } = fact;
  const count = (metric: string, time: EventFact['at'], city: string, by = 1): void => {
    writes.add(engagementCounts, time, metric, by);
    writes.add(engagementCounts, time, inCity(metric, city), by);
  };
  count('events', at, event.city);
  if (session.events === 1) {
    count('sessions', session.began, session.city);
    count('bounces', session.began, session.city);
  }
  if (session.events === 2) count('bounces', session.began, session.city, -1);
  count('session_ms', session.began, session.city, session.durationDeltaMs);
  for (const { funnel, stages } of session.reached) {
    for (const stage of stages) {
      writes.add(closedFunnel, session.began, stage, 1, funnel);
      writes.add(closedFunnel, session.began, inCity(stage, session.city), 1, funnel);
    }
  }
}
