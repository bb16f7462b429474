import type { EventFact, Fact } from '../facts.ts';
import { inCity } from '../fields.ts';
import type { Writes } from '../writes.ts';
import { engagementCounts, interactions } from './keys.ts';

export function foldEngagement(fact: Fact, writes: Writes): void {
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
  rememberInteraction(fact, writes);
}

function rememberInteraction({ event }: EventFact, writes: Writes): void {
  const itemId = event.items[0]?.itemId;
  const member = JSON.stringify(
    itemId === undefined ? [event.eventId, event.name] : [event.eventId, event.name, itemId],
  );
  writes.remember(interactions, event.userId, event.timestampMs, member);
}
