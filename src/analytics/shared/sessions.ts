import type { Definition } from '../../metrics/definition.ts';
import type { Fact } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Writes } from '../../metrics/writes.ts';

/**
 * How many sessions began, how long they were and how many events they had: read by engagement, sessions and cities.
 */
export const sessionCounts = family({
  name: 'engagement',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description:
    'events by their hour; sessions, bounces and milliseconds of sessions by the hour in which they began; also by city',
});

function foldSessionCounts(fact: Fact, writes: Writes): void {
  if (fact.kind !== 'event') return;
  const { event, at, session } = fact;
  const { began, city } = session;
  writes.addInCity(sessionCounts, at, 'events', event.city);
  if (session.events === 1) {
    writes.addInCity(sessionCounts, began, 'sessions', city);
    writes.addInCity(sessionCounts, began, 'bounces', city);
  }
  if (session.events === 2) writes.addInCity(sessionCounts, began, 'bounces', city, -1);
  writes.addInCity(sessionCounts, began, 'session_ms', city, session.durationDeltaMs);
}

export const sessionTotals = {
  families: [sessionCounts],
  fold: foldSessionCounts,
} satisfies Definition;
