import { describe, expect, test } from 'vitest';
import { beside, overIn, timelineOf } from '../../src/dashboard/app/charts/timeline.ts';

const hours = (day: string, offset: (hour: number) => string, count = 24) =>
  Array.from({ length: count }, (_, hour) => ({
    start: `${day}T${String(hour).padStart(2, '0')}:00:00${offset(hour)}`,
    n: hour,
  }));
const utc = (day: string, count = 24) => hours(day, () => '+00:00', count);

describe('how far a day has come', () => {
  test('hours that are over, the one under way, and those ahead', () => {
    const points = utc('2026-11-28');
    expect(timelineOf(points, 'hour', '2026-11-28T15:10:00Z', 'UTC')).toMatchObject({ over: 15, begun: 16 });
    expect(timelineOf(points, 'hour', '2026-11-28T15:00:00Z', 'UTC')).toMatchObject({ over: 15, begun: 15 });
    expect(timelineOf(points, 'hour', '2026-11-29T00:00:00Z', 'UTC')).toMatchObject({ over: 24, begun: 24 });
    expect(timelineOf(points, 'hour', '2026-11-27T23:00:00Z', 'UTC')).toMatchObject({ over: 0, begun: 0 });
  });

  test('a day is over when the store’s next one begins', () => {
    const days = ['2026-11-27', '2026-11-28'].map((day) => ({ start: `${day}T00:00:00+13:00` }));
    const at = (asOf: string) => timelineOf(days, 'day', asOf, 'Pacific/Auckland');
    expect(at('2026-11-28T10:59:59Z')).toMatchObject({ over: 1, begun: 2 });
    expect(at('2026-11-28T11:00:00Z')).toMatchObject({ over: 2, begun: 2 });
  });
});

describe('the period before', () => {
  test('is compared up to the same time of day', () => {
    const [now, before] = [utc('2026-11-28'), utc('2026-11-27')];
    const compared = overIn(now, before, timelineOf(now, 'hour', '2026-11-28T15:10:00Z', 'UTC'));
    expect([compared.now.length, compared.before.length]).toEqual([15, 15]);
    const whole = overIn(now, before, timelineOf(now, 'hour', '2026-11-30T00:00:00Z', 'UTC'));
    expect([whole.now.length, whole.before.length]).toEqual([24, 24]);
  });

  test('also where its day had another length: the hours have the same names', () => {
    // Berlin, the day after clocks were set forward: the day before has no 02:00.
    const now = hours('2026-03-30', () => '+02:00');
    const before = hours('2026-03-29', (hour) => (hour < 2 ? '+01:00' : '+02:00')).filter(({ n }) => n !== 2);
    const timeline = timelineOf(now, 'hour', '2026-03-30T03:30:00Z', 'Europe/Berlin');
    expect(overIn(now, before, timeline).before.map(({ n }) => n)).toEqual([0, 1, 3, 4]);
    expect(
      beside(before, timeline)
        .slice(0, 5)
        .map((point) => point?.n),
    ).toEqual([0, 1, undefined, 3, 4]);
    // And set back: the hour that came twice counts with both.
    const twice = [...utc('2026-10-25'), { start: '2026-10-25T02:00:00+01:00', n: 100 }];
    const after = utc('2026-10-26');
    const compared = overIn(after, twice, timelineOf(after, 'hour', '2026-10-26T03:00:00Z', 'UTC'));
    expect(compared.before.reduce((sum, { n }) => sum + n, 0)).toBe(0 + 1 + 2 + 100);
  });
});
