import type { Counting, Definition } from '../../metrics/definition.ts';
import type { SessionSoFar } from '../../metrics/facts.ts';
import { family } from '../../metrics/family.ts';
import type { Sums } from '../../metrics/sums/sums.ts';
import type { WindowSums } from '../../metrics/sums/window-sums.ts';

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
  const countAll = (began: WindowSums, dimensions: number, of: SessionSoFar, sign: 1 | -1): void => {
    began.add(sessions, dimensions, sign);
    began.add(bounces, dimensions, of.isBounce ? sign : 0);
    began.add(purchasing, dimensions, of.hasBought ? sign : 0);
    began.add(sessionMs, dimensions, sign * of.durationMs);
  };
  return {
    event({ hour, dimensions, session }) {
      const { began, moved } = session;
      hour.add(events, dimensions);
      if (moved !== undefined) {
        countAll(began, moved.from, moved, -1);
        countAll(began, session.dimensions, moved, 1);
      }
      if (session.events === 1) began.add(sessions, session.dimensions);
      if (session.isFirstOrder) began.add(purchasing, session.dimensions);
      if (session.bounceDelta !== 0) began.add(bounces, session.dimensions, session.bounceDelta);
      began.add(sessionMs, session.dimensions, session.durationDeltaMs);
    },
    session: (fact) => countAll(fact.began, fact.dimensions, fact, fact.sign),
  };
}

export const sessionTotals = {
  families: [sessionCounts],
  count: countSessions,
} satisfies Definition;
