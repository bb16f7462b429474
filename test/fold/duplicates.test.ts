import { describe, expect, test } from 'vitest';
import { frequencies } from '../../src/analytics/event-frequencies/definition.ts';
import { sessionCounts } from '../../src/analytics/shared/sessions.ts';
import { event, given, givenIn, inventoryEvent, tick } from '../support/core/given.ts';

const seen = (time: string, userId = 'ann', name = 'page_view') => event(time, name, { userId, eventId: 'e' });

describe('the same event_id again', () => {
  test('is not counted, of the same user within DEDUPE_WINDOW, whatever its name', async () => {
    const { counts, tallies } = await given(seen('10:00')).when(seen('10:15'), seen('10:15', 'ann', 'search'));
    expect(counts(frequencies)).toEqual({});
    expect(tallies).toEqual({ duplicates: 2 });
  });

  test('is another event behind the window', async () => {
    const { counts, tallies } = await given(seen('10:00')).when(seen('10:15:01'));
    expect(counts(frequencies)).toEqual({ page_view: 1 });
    expect(tallies).toEqual({ events: 1 });
  });

  test('is another event of another user', async () => {
    const { counts } = await given(seen('10:00')).when(seen('10:01', 'ben'));
    expect(counts(frequencies)).toEqual({ page_view: 1 });
  });

  test('the window runs from the event that was counted: a repeat does not lengthen it', async () => {
    const { counts } = await given(seen('10:00'), seen('10:10')).when(seen('10:20'));
    expect(counts(frequencies)).toEqual({ page_view: 1 });
  });

  test('the window is one of lane time: an event of anybody may end it, and an old timestamp does not stay in it', async () => {
    const { counts } = await given(seen('10:00'), tick('10:15:01')).when(seen('10:00'));
    expect(counts(frequencies)).toEqual({ page_view: 1 });
  });

  test('a repeat moves lane time on and nothing else', async () => {
    const { counts } = await given(seen('10:00'), event('10:05', 'page_view', { eventId: 'f', userId: 'ben' })).when(
      seen('10:10'),
      event('10:21', 'page_view', { eventId: 'f', userId: 'ben' }),
    );
    expect(counts(sessionCounts)).toEqual({ events: 1, bounces: -1, session_ms: 16 * 60_000 });
  });
});

test('an inventory event is a repeat by its item and id, apart from users’', async () => {
  const stock = (itemId: string) => inventoryEvent('10:00', 'stock_update', { itemId, eventId: 'e', stockLevel: 1 });
  const { counts, tallies } = await given(seen('10:00', 'mug'), stock('mug')).when(stock('mug'), stock('pen'));
  expect(counts(frequencies)).toEqual({ stock_update: 1 });
  expect(tallies).toEqual({ duplicates: 1, events: 1 });
});

test('a user’s event in a partition that is not theirs counts, and is counted as misplaced', async () => {
  const { tallies } = await givenIn({ partitions: 4 }).when(
    ...['ann', 'ben', 'cid', 'dee', 'eve', 'fay'].map((userId) => event('10:00', 'page_view', { userId })),
  );
  expect(tallies['events']).toBe(6);
  expect(tallies['wrong_partition']).toBeGreaterThan(0);
  expect(tallies['wrong_partition']).toBeLessThan(6);
});
