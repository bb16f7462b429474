import { describe, expect, test } from 'vitest';
import { searchClicks, searchCounts, searchMisses } from '../../src/analytics/searches/definition.ts';
import { event, given, nothing } from '../support/core/given.ts';

const searched = (time: string, searchTerm = 'mug', more = {}) => event(time, 'search', { searchTerm, ...more });
const viewed = (time: string, more = {}) => event(time, 'view_item', more);

describe('a search', () => {
  test('counts by its term, and as a miss where it found nothing', async () => {
    const { counts } = await nothing.when(searched('10:00', 'mug', { resultsCount: 0 }), searched('10:01', 'pen'));
    expect(counts(searchCounts)).toEqual({ mug: 1, pen: 1 });
    expect(counts(searchMisses)).toEqual({ mug: 1 });
  });

  test('without a term counts nowhere, and waits for no click', async () => {
    const { counts } = await given(searched('10:00', '')).when(searched('10:01', ''), viewed('10:02'));
    expect([counts(searchCounts), counts(searchClicks)]).toEqual([{}, {}]);
  });
});

describe('a search is clicked through', () => {
  test('when a view_item follows in its session, and counts in the hour of the search', async () => {
    const { counts, hoursOf } = await given(searched('10:50')).when(viewed('11:05'));
    expect(counts(searchClicks)).toEqual({ mug: 1 });
    expect(hoursOf(searchClicks, 'mug')).toEqual({ '2026-11-20T10': 1 });
  });

  test('once: the next view_item follows none', async () => {
    const { counts } = await given(searched('10:00'), viewed('10:01')).when(viewed('10:02'));
    expect(counts(searchClicks)).toEqual({});
  });

  test('together with every search that waits, the same term each time that it was searched', async () => {
    const { counts } = await given(
      searched('10:00'),
      searched('10:01'),
      searched('10:20'),
      searched('10:21', 'pen'),
    ).when(event('10:22', 'page_view'), viewed('10:23'));
    expect(counts(searchClicks)).toEqual({ mug: 3, pen: 1 });
  });

  test('not by a view_item of another session, nor of one that has ended', async () => {
    const other = await given(searched('10:00', 'mug', { sessionId: 'phone' })).when(
      viewed('10:01', { sessionId: 'tablet' }),
    );
    expect(other.counts(searchClicks)).toEqual({});
    const later = await given(searched('10:00')).when(viewed('10:31'));
    expect(later.counts(searchClicks)).toEqual({});
  });

  test('for at most 20 different searches of a session that wait', async () => {
    const many = Array.from({ length: 25 }, (_, i) => searched('10:00', `term ${i}`));
    const { counts } = await given(...many).when(viewed('10:01'));
    expect(Object.keys(counts(searchClicks))).toHaveLength(20);
    expect(counts(searchClicks)).toMatchObject({ 'term 0': 1, 'term 19': 1 });
  });
});
