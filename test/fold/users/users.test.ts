import { describe, expect, test } from 'vitest';
import { dailyUsers, hourlyUsers } from '../../../src/analytics/shared/unique-users.ts';
import {
  close,
  erase,
  event,
  given,
  givenIn,
  imported,
  type Logged,
  nothing,
  takenBack,
} from '../../support/core/given.ts';

const page = (time: string, fields: Parameters<typeof event>[2] = {}): Logged => event(time, 'page_view', fields);
const guest = (time: string, fields: Parameters<typeof event>[2] = {}): Logged =>
  page(time, { userId: 'g', anonymousId: 'g', ...fields });
const signedIn = (time: string): Logged => page(time, { anonymousId: 'g' });
const mail = { channel: 'Email' };

describe('users of an hour, and of a day', () => {
  test('count once, at each stage that they reach', async () => {
    const outcome = await nothing.when(
      page('10:00'),
      page('10:10'),
      event('10:20', 'purchase', { transactionId: 't1', value: 5 }),
      page('10:30', { userId: 'ben' }),
      page('11:00'),
    );
    expect(outcome.counts(hourlyUsers)).toEqual({ visit: 3, purchase: 1 });
    expect(outcome.counts(dailyUsers)).toEqual({ visit: 2, purchase: 1 });
  });

  test('count once with each value that they were seen with, and once over all', async () => {
    const outcome = await nothing.when(
      page('10:00', { city: 'Oslo', device: 'mobile', sessionId: 'a' }),
      page('10:10', { city: 'Bergen', device: 'mobile', sessionId: 'b' }),
      page('11:00', { city: 'Oslo', device: 'desktop', sessionId: 'c' }),
    );
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 2 }, { visit: 1 }]);
    expect(outcome.countsBy('city', 'Oslo', hourlyUsers)).toEqual({ visit: 2 });
    expect(outcome.countsBy('city', 'Oslo', dailyUsers)).toEqual({ visit: 1 });
    expect(outcome.countsBy('city', 'Bergen', dailyUsers)).toEqual({ visit: 1 });
    expect(outcome.countsBy('device', 'mobile', hourlyUsers)).toEqual({ visit: 1 });
    expect(outcome.countsBy('device', 'desktop', dailyUsers)).toEqual({ visit: 1 });
  });

  test('that come up to a day late count once as well, in their own hour and on their own day', async () => {
    const late = [page('2026-11-20T09:30'), page('2026-11-20T10:30'), page('2026-11-20T23:50')];
    const outcome = await given(page('2026-11-20T10:00'), page('2026-11-21T22:00')).when(...late);
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 2 }, {}]);
  });

  test('that come late together count once, however late they are', async () => {
    const late = [page('2026-11-10T09:30'), page('2026-11-10T09:31'), page('2026-11-10T11:30')];
    const outcome = await given(page('2026-11-20T10:00')).when(...late);
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 2 }, { visit: 1 }]);
  });

  test('are those of the store’s day, of which one a year has 25 hours', async () => {
    const options = { timezone: 'Europe/Berlin' };
    const first = [page('2026-10-24T22:00'), page('2026-10-25T00:30'), page('2026-10-25T01:30')];
    const outcome = await givenIn(options, ...first).when(page('2026-10-25T22:59'), page('2026-10-25T23:00'));
    // The last minute of the day and, an hour behind, the first of the next.
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 2 }, { visit: 1 }]);
    const double = await givenIn(options).when(page('2026-10-25T00:30'), page('2026-10-25T01:30'));
    expect(double.counts(hourlyUsers)).toEqual({ visit: 2 });
  });

  test('are known by a hundred pairs of hour and values: an older one may count again', async () => {
    const many = Array.from({ length: 120 }, (_, i) => page('11:00', { city: `c${i}`, sessionId: `s${i}` }));
    const outcome = await given(page('10:00'), ...many).when(page('10:30'), page('11:30'));
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 1 }, {}]);
  });

  test('by as many of an import: it is the newest that are known', async () => {
    const rows = Array.from({ length: 120 }, (_, i) =>
      imported('imp-1', page('08:00', { city: `c${i}`, sessionId: `s${i}` })),
    );
    const outcome = await given(page('10:00'), ...rows, close('imp-1')).when(page('10:20'));
    expect(outcome.counts(hourlyUsers)).toEqual({});
  });

  test('are counted anew when they were erased', async () => {
    const outcome = await given(page('10:00'), erase('ann', '10:05')).when(page('10:10'));
    expect(outcome.counts(hourlyUsers)).toEqual({ visit: 1 });
  });
});

describe('a guest who signs in is one person', () => {
  test('in the hour and on the day in which both names were seen', async () => {
    const outcome = await nothing.when(guest('10:00', mail), signedIn('10:10'));
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 1 }, { visit: 1 }]);
    expect(outcome.countsBy('channel', 'Email', hourlyUsers)).toEqual({ visit: 1 });
    expect(outcome.countsBy('city', 'Oslo', dailyUsers)).toEqual({ visit: 1 });
  });

  test('also where their session as a guest was over, and on the day where they came in other hours', async () => {
    const outcome = await nothing.when(guest('08:00'), guest('10:00'), page('10:05'), signedIn('12:00'));
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 3 }, { visit: 1 }]);
  });

  test('at the stages that both had reached, and with the values of either', async () => {
    const view = (time: string, fields: Parameters<typeof event>[2]): Logged => event(time, 'view_item', fields);
    const outcome = await nothing.when(
      view('10:00', { userId: 'g', anonymousId: 'g', city: 'Bergen' }),
      view('10:01', { city: 'Oslo' }),
      signedIn('10:02'),
    );
    expect(outcome.counts(hourlyUsers)).toEqual({ visit: 1, view: 1 });
    expect(outcome.countsBy('city', 'Bergen', hourlyUsers)).toEqual({ visit: 1, view: 1 });
    expect(outcome.countsBy('city', 'Oslo', hourlyUsers)).toEqual({ visit: 1, view: 1 });
  });

  test('again when they come back as a guest and sign in once more', async () => {
    const outcome = await nothing.when(guest('10:00'), signedIn('10:05'), guest('10:10'), signedIn('10:15'));
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 1 }, { visit: 1 }]);
  });

  test('and until then what they do as a guest is somebody else’s', async () => {
    const outcome = await nothing.when(guest('10:00'), signedIn('10:05'), guest('10:10'));
    expect(outcome.counts(hourlyUsers)).toEqual({ visit: 2 });
  });
});

describe('an import of an hour in which the shop counts as well', () => {
  const old = (time: string, fields: Parameters<typeof event>[2] = {}): Logged => imported('imp-1', page(time, fields));
  const rows = [old('10:00'), old('10:10', { userId: 'ben' }), old('11:00')];
  const live = [page('10:05'), page('10:30', { userId: 'cy' })];

  test('has nobody counted twice once it is in', async () => {
    const outcome = await nothing.when(...live, ...rows, close('imp-1'));
    expect([outcome.counts(hourlyUsers), outcome.counts(dailyUsers)]).toEqual([{ visit: 4 }, { visit: 3 }]);
    const goesOn = await given(...live, ...rows, close('imp-1')).when(page('10:40', { userId: 'ben' }), page('11:30'));
    expect([goesOn.counts(hourlyUsers), goesOn.counts(dailyUsers)]).toEqual([{}, {}]);
  });

  test('links no guest of it: what it has counted stays theirs, and goes with it', async () => {
    const guests = [old('10:00', { userId: 'g', anonymousId: 'g' }), old('10:01')];
    const goes = async (...shop: Logged[]): Promise<void> => {
      const [before, after] = [shop.slice(0, 1), shop.slice(1)];
      const outcome = await nothing.when(...before, ...guests, close('imp-1'), ...after, ...takenBack('imp-1', guests));
      const without = await nothing.when(...shop);
      for (const family of [hourlyUsers, dailyUsers]) expect(outcome.counts(family)).toEqual(without.counts(family));
    };
    await goes(page('09:00', { userId: 'zoe' }), page('10:05'), signedIn('10:06'));
    await goes(page('09:00', { userId: 'zoe' }), guest('10:02'), page('10:05'), signedIn('10:06'));
    await goes(guest('10:02'), signedIn('12:00'));
  });

  test('leaves those of the shop when it is taken back, also who came after it', async () => {
    const after = page('11:30');
    const outcome = await nothing.when(...live, ...rows, close('imp-1'), after, ...takenBack('imp-1', rows));
    const without = await nothing.when(...live, after);
    for (const family of [hourlyUsers, dailyUsers]) {
      expect(outcome.counts(family)).toEqual(without.counts(family));
      expect(outcome.countsBy('city', 'Oslo', family)).toEqual(without.countsBy('city', 'Oslo', family));
    }
    const anew = await given(...live, ...rows, close('imp-1'), ...takenBack('imp-1', rows)).when(
      page('10:50', { userId: 'ben' }),
    );
    expect(anew.counts(hourlyUsers)).toEqual({ visit: 1 });
  });
});
