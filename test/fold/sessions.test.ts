import { describe, expect, test } from 'vitest';
import { newUserCounts } from '../../src/analytics/sessions/definition.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { event, given, HOUR, MIN, nothing, tick } from '../support/core/given.ts';

const BEGUN = { events: 1, sessions: 1, bounces: 1 };

describe('a session begins', () => {
  test('with the first event of a user', async () => {
    const { counts } = await nothing.when(event('10:00', 'page_view'));
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });

  test('with an id that the user has not had yet, however soon it comes', async () => {
    const { counts } = await given(event('10:00', 'page_view', { sessionId: 'phone' })).when(
      event('10:00:01', 'page_view', { sessionId: 'tablet' }),
    );
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });

  test('for each user who uses an id: a session belongs to its user', async () => {
    const { counts } = await given(event('10:00', 'page_view', { sessionId: 'phone' })).when(
      event('10:01', 'page_view', { sessionId: 'phone', userId: 'ben' }),
    );
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });
});

describe('a bounce', () => {
  test.each(['page_view', 'view_item'])('is a session with one %s alone', async (name) => {
    const { counts } = await nothing.when(event('10:00', name));
    expect(counts(sessionCounts)).toMatchObject({ sessions: 1, bounces: 1 });
  });

  test.each(['add_to_cart', 'begin_checkout', 'purchase', 'search', 'newsletter'])(
    'is none with a %s, such as one that a server reports alone',
    async (name) => {
      const { counts } = await nothing.when(event('10:00', name, { transactionId: 'o', searchTerm: 'a' }));
      expect(counts(sessionCounts)).not.toHaveProperty('bounces');
      const more = await given(event('10:00', name)).when(event('10:01', 'page_view'));
      expect(more.counts(sessionCounts)).not.toHaveProperty('bounces');
    },
  );

  test('is one until something else follows', async () => {
    const { counts } = await given(event('10:00', 'page_view')).when(event('10:01', 'page_view'));
    expect(counts(sessionCounts)).toMatchObject({ bounces: -1 });
  });
});

describe('the running session is meant where whoever reports does not know it', () => {
  const order = (at: string) => event(at, 'purchase', { sessionId: '(running)', transactionId: 'o', value: 5 });

  test('an order of the server is one of the visit in which it was placed, however that is called', async () => {
    const { counts } = await given(event('10:00', 'page_view', { sessionId: 'tab' })).when(order('10:20'));
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 20 * MIN, purchasing: 1 });
  });

  test('of several the newest, and the page goes on with it', async () => {
    const visits = given(
      event('10:00', 'page_view', { sessionId: 'a' }),
      event('10:01', 'page_view', { sessionId: 'b' }),
    );
    const { counts } = await visits.when(order('10:02'), event('10:03', 'page_view', { sessionId: 'b' }));
    expect(counts(sessionCounts)).toEqual({ events: 2, bounces: -1, session_ms: 2 * MIN, purchasing: 1 });
  });

  test('an order from before the session began is none of it', async () => {
    const late = given(
      event('09:00', 'page_view', { sessionId: 'a' }),
      event('12:00', 'page_view', { sessionId: 'b' }),
    );
    const { counts } = await late.when(order('09:05'));
    expect(counts(sessionCounts)).toEqual({ events: 1, sessions: 1, purchasing: 1 });
  });

  test('one that is over is none: it is the one in which the visitor goes on', async () => {
    const visits = given(
      event('10:00', 'page_view', { sessionId: 'a' }),
      event('10:01', 'page_view', { sessionId: 'b' }),
      event('20:00', 'page_view', { sessionId: 'a' }),
      event('2026-11-21T11:00', 'page_view', { sessionId: 'a' }),
    );
    const { counts } = await visits.when(
      order('2026-11-21T11:01'),
      event('2026-11-21T11:02', 'page_view', { sessionId: 'b' }),
    );
    expect(counts(sessionCounts)).toMatchObject({ sessions: 1, purchasing: 1 });
  });

  test('after the gap, or where there is none, it is as without an id', async () => {
    const late = await given(event('10:00', 'page_view', { sessionId: 'tab' })).when(order('10:31'));
    expect(late.counts(sessionCounts)).toEqual({ events: 1, sessions: 1, purchasing: 1 });
    const alone = await nothing.when(order('10:00'), event('10:10', 'page_view'));
    expect(alone.counts(sessionCounts)).toMatchObject({ events: 2, sessions: 1, purchasing: 1 });
  });
});

describe('without an id, a session is cut by the gap', () => {
  test('an event up to SESSION_TIMEOUT after the last one belongs to it', async () => {
    const { counts } = await given(event('10:00', 'page_view')).when(event('10:30', 'page_view'));
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 30 * MIN });
  });

  test('a later one begins another', async () => {
    const { counts } = await given(event('10:00', 'page_view')).when(event('10:30:01', 'page_view'));
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });

  test('an event of any other session of the user keeps it from being cut', async () => {
    const { counts } = await given(
      event('10:00', 'page_view'),
      event('10:20', 'page_view', { sessionId: 'phone' }),
    ).when(event('10:45', 'page_view'));
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 45 * MIN });
  });

  test('the gap is one to the newest event, not to one that came late', async () => {
    const { counts } = await given(
      event('10:00', 'page_view'),
      event('10:25', 'page_view'),
      event('09:50', 'page_view'),
    ).when(event('10:50', 'page_view'));
    expect(counts(sessionCounts)).toEqual({ events: 1, session_ms: 50 * MIN });
  });

  test('an event that comes late does not cut it', async () => {
    const { counts } = await given(event('10:00', 'page_view')).when(event('09:00', 'page_view'));
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1 });
  });
});

describe('with an id, a session goes on whatever the gap', () => {
  test('for up to 24 hours after its last event', async () => {
    const { counts } = await given(event('10:00', 'page_view', { sessionId: 's1' })).when(
      event('2026-11-21T10:00', 'page_view', { sessionId: 's1' }),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 24 * HOUR });
  });

  test('its newest event, not one that came late', async () => {
    const { counts } = await given(
      event('10:00', 'page_view', { sessionId: 's1' }),
      event('09:00', 'page_view', { sessionId: 's1' }),
    ).when(event('2026-11-21T09:30', 'page_view', { sessionId: 's1' }));
    expect(counts(sessionCounts)).toEqual({ events: 1, session_ms: 23.5 * HOUR });
  });

  test('and ends then, even if its id comes again', async () => {
    const { counts } = await given(event('10:00', 'page_view', { sessionId: 's1' })).when(
      event('2026-11-21T10:00:01', 'page_view', { sessionId: 's1' }),
    );
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });

  test('the event’s own time ends it as well, where its last event came late', async () => {
    const { counts } = await given(
      event('2026-11-21T10:00', 'page_view', { userId: 'ben' }),
      event('2026-11-20T09:00', 'page_view', { sessionId: 's1' }),
    ).when(event('2026-11-21T09:30', 'page_view', { sessionId: 's1' }));
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });

  test('lane time that has passed the 24 hours ends it for an event that comes late as well', async () => {
    const { counts } = await given(
      event('10:00', 'page_view', { sessionId: 's1' }),
      event('2026-11-21T10:00:01', 'page_view', { userId: 'ben' }),
    ).when(event('10:05', 'page_view', { sessionId: 's1' }));
    expect(counts(sessionCounts)).toEqual(BEGUN);
  });
});

describe('sessions of a user side by side', () => {
  const phone = { sessionId: 'phone' };
  const tablet = { sessionId: 'tablet' };

  test('each goes on with its own id', async () => {
    const { counts } = await given(
      event('10:00', 'page_view', phone),
      event('10:05', 'page_view', tablet),
      event('10:10', 'page_view', phone),
    ).when(event('10:20', 'page_view', tablet), event('10:40', 'page_view', phone));
    expect(counts(sessionCounts)).toEqual({ events: 2, bounces: -1, session_ms: (15 + 30) * MIN });
  });

  test('one that has ended does not come back behind another', async () => {
    const { counts } = await given(
      event('10:00', 'page_view', phone),
      event('20:00', 'page_view', tablet),
      event('2026-11-21T11:00', 'page_view', phone),
    ).when(event('2026-11-21T11:10', 'page_view', tablet), event('2026-11-21T11:20', 'page_view', phone));
    expect(counts(sessionCounts)).toEqual({ events: 2, bounces: -2, session_ms: (15 * 60 + 10 + 20) * MIN });
  });
});

test('a session that begins anew under its old id leaves nothing of the one before', async () => {
  const { naming } = await given(
    event('10:00', 'page_view', { sessionId: 'phone' }),
    event('20:00', 'page_view', { sessionId: 'tablet' }),
  ).when(event('2026-11-21T11:00', 'page_view', { sessionId: 'phone' }));
  expect(naming('s["ann","tablet"]')).toHaveLength(1);
  expect(naming('s["ann","phone"]')).toEqual([]);
});

describe('a session’s numbers', () => {
  test('belong to the hour of its first event, events to their own; all to its first city', async () => {
    const outcome = await given(event('10:50', 'page_view', { city: 'Oslo' })).when(
      event('11:10', 'page_view', { city: 'Bergen' }),
    );
    expect(outcome.countsIn('Oslo', sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 20 * MIN });
    expect(outcome.countsIn('Bergen', sessionCounts)).toEqual({});
    expect(outcome.hoursOf(sessionCounts, 'session_ms')).toEqual({ '2026-11-20T10': 20 * MIN });
    expect(outcome.hoursOf(sessionCounts, 'events')).toEqual({ '2026-11-20T11': 1 });
  });

  test('it is a bounce as long as it has one event', async () => {
    const begun = await nothing.when(event('10:00', 'page_view'));
    expect(begun.counts(sessionCounts)).toMatchObject({ bounces: 1 });
    const gone = await given(event('10:00', 'page_view')).when(event('10:01', 'page_view'), event('10:02', 'search'));
    expect(gone.counts(sessionCounts)).toMatchObject({ bounces: -1 });
  });

  test('its duration is that from its first event to its last in the order of the log', async () => {
    const { counts } = await given(event('10:00', 'page_view'), event('10:20', 'page_view')).when(
      event('10:05', 'page_view'),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, session_ms: -15 * MIN });
  });

  test('its duration is never below 0', async () => {
    const { counts } = await given(event('10:00', 'page_view'), event('10:20', 'page_view')).when(
      event('09:50', 'page_view'),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, session_ms: -20 * MIN });
  });
});

describe('a user is new', () => {
  test('when the first session begins, where and when it does', async () => {
    const outcome = await nothing.when(event('10:00', 'page_view'), event('10:01', 'page_view'));
    expect(outcome.countsIn('Oslo', newUserCounts)).toEqual({ users: 1 });
    expect(outcome.hoursOf(newUserCounts, 'users')).toEqual({ '2026-11-20T10': 1 });
  });

  test('and no more for thirty days after a session began', async () => {
    const first = event('2026-10-01T10:00', 'page_view');
    const back = await given(first).when(event('2026-10-31T10:00', 'page_view'));
    expect(back.counts(newUserCounts)).toEqual({});
    const anew = await given(first).when(event('2026-10-31T10:00:01', 'page_view'));
    expect(anew.counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('counted from where a session began, however long it went on', async () => {
    const days = Array.from({ length: 31 }, (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}`);
    const daily = days.map((day) => event(`${day}T10:00`, 'page_view', { sessionId: 'kiosk' }));
    const { counts } = await given(...daily).when(event('2026-10-31T10:00:01', 'page_view', { sessionId: 'phone' }));
    expect(counts(newUserCounts)).toEqual({ users: 1 });
  });

  test('every session that begins puts that off', async () => {
    const { counts } = await given(
      event('2026-10-01T10:00', 'page_view'),
      event('2026-10-20T10:00', 'page_view'),
      tick('2026-11-10T00:00'),
    ).when(event('2026-11-15T10:00', 'page_view'));
    expect(counts(newUserCounts)).toEqual({});
  });
});
