import type { Fact } from './facts.ts';
import { family } from './families.ts';
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
  const { began, city, reached } = session;
  writes.addInCity(engagementCounts, at, 'events', event.city);
  if (session.events === 1) {
    writes.addInCity(engagementCounts, began, 'sessions', city);
    writes.addInCity(engagementCounts, began, 'bounces', city);
  }
  if (session.events === 2) writes.addInCity(engagementCounts, began, 'bounces', city, -1);
  writes.addInCity(engagementCounts, began, 'session_ms', city, session.durationDeltaMs);
  for (const { funnel, stages } of reached)
    for (const stage of stages) writes.addInCity(closedFunnel, began, stage, city, 1, funnel);
}
