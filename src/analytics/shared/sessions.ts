import type { Counting, Definition } from '../../metrics/definition.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';

/** How many sessions began, how long they were and how many events they had: read by engagement, sessions and cities. */
export const sessionCounts = family({
  name: 'engagement',
  kind: 'counter',
  windows: ['hour', 'day'],
  dimensions: [],
  cap: 10_000,
  description: 'events by their hour; sessions, bounces and milliseconds of sessions by the hour in which they began',
});

function countSessions(sums: Sums): Counting {
  const counter = (metric: string) => sums.counter(sessionCounts, metric);
  const [events, sessions, bounces] = [counter('events'), counter('sessions'), counter('bounces')];
  const [sessionMs, purchasing] = [counter('session_ms'), counter('purchasing')];
  return {
    event({ hour, dimensions, session }) {
      const { began, moved } = session;
      hour.add(events, dimensions);
      if (moved !== undefined) {
        const bounced = moved.events === 1 ? 1 : 0;
        for (const [of, sign] of [
          [moved.from, -1],
          [session.dimensions, 1],
        ] as const) {
          began.add(sessions, of, sign);
          began.add(bounces, of, sign * bounced);
          began.add(purchasing, of, moved.hasBought ? sign : 0);
          began.add(sessionMs, of, sign * moved.durationMs);
        }
      }
      if (session.events === 1) {
        began.add(sessions, session.dimensions);
        began.add(bounces, session.dimensions);
      }
      if (session.isFirstOrder) began.add(purchasing, session.dimensions);
      if (session.events === 2) began.add(bounces, session.dimensions, -1);
      began.add(sessionMs, session.dimensions, session.durationDeltaMs);
    },
  };
}

export const sessionTotals = {
  families: [sessionCounts],
  count: countSessions,
} satisfies Definition;
