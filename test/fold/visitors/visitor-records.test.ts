import { describe, expect, test } from 'vitest';
import { plansOf } from '../../../src/fold/state/bucket-plans.ts';
import { CorruptState } from '../../../src/fold/state/stored-tuple.ts';
import { decodeKnown, encodeKnown } from '../../../src/fold/visitors/known-user.ts';
import type { SessionState, UserState } from '../../../src/fold/visitors/session-state.ts';
import { BOUGHT } from '../../../src/fold/visitors/session-table.ts';
import { readSession, readUser } from '../../../src/fold/visitors/visitor-records.ts';
import { Visitors } from '../../../src/fold/visitors/visitors.ts';
import { ByteText } from '../../../src/metrics/sums/byte-text.ts';
import { Dictionaries } from '../../../src/metrics/sums/dictionaries.ts';
import { SETTINGS } from '../../support/core/settings.ts';

const texts = new Dictionaries({ dimensions: ['city', 'channel'] });
const oslo = texts.values.ofTexts(['Oslo', 'Direct']);

const bucketMs = Date.parse('2026-11-20T08:00:00Z');
const session: SessionState = {
  firstMs: bucketMs + 5_000,
  lastMs: bucketMs + 9_000,
  newestMs: bucketMs + 12_000,
  laneMs: bucketMs + 60_000,
  dimensions: oslo,
  countsAs: oslo,
  named: 3,
  flags: BOUGHT,
  events: 3,
  progress: [2, 0],
  reachedAfterMs: [4_000, 0],
  searches: [[texts.terms.ofText('red "shoes"'), bucketMs + 6_000, 2]],
  bought: ['r1'],
};
const user: UserState = {
  newestMs: bucketMs + 12_000,
  laneMs: bucketMs + 60_000,
  current: { id: texts.sessions.ofText('tab,"1"'), session },
};

const visitors = new Visitors(texts, plansOf(SETTINGS), 2, 40);

function written(write: (into: ByteText) => void): string {
  const into = new ByteText();
  write(into);
  return into.bytes.toString('utf8', 0, into.size);
}

function storedUser(state: UserState): string {
  const ann = texts.users.ofText('ann');
  visitors.put(ann, state);
  return written((into) => visitors.records.writeUser(visitors, ann, bucketMs, into));
}

const storedSession = (state: SessionState): string =>
  written((into) => visitors.records.writeSession(visitors.sessions.put(state), bucketMs, into));

describe('what is stored is read as it was', () => {
  test('users, with their newest session and without one', () => {
    for (const one of [
      user,
      { ...user, current: undefined },
      { ...user, current: { id: texts.sessions.ofText(''), session: { ...session, searches: [] } } },
    ])
      expect(readUser(storedUser(one), bucketMs, texts)).toEqual(one);
  });

  test('sessions, also where a number was another session’s before', () => {
    expect(readSession(storedSession(session), bucketMs, texts)).toEqual(session);
    const begun = visitors.sessions.put(session);
    visitors.sessions.release(begun);
    const next = visitors.sessions.begin(bucketMs, bucketMs);
    visitors.sessions.dimensions.set(next, oslo);
    visitors.sessions.countsAs.set(next, oslo);
    const fresh = written((into) => visitors.records.writeSession(next, bucketMs, into));
    expect([next, fresh]).toEqual([begun, '[["Oslo","Direct"],0,0,0,0,0,[0,0],[0,0],0,0]']);
  });

  test('a session of which some values are beyond their cap', () => {
    const capped = { ...session, countsAs: texts.values.ofTexts(['(other)', 'Direct']) };
    for (const one of [capped, { ...capped, searches: [] }])
      expect(readSession(storedSession(one), bucketMs, texts)).toEqual(one);
  });

  test('a user of whom it is known what brought them last', () => {
    const known = {
      beganMs: bucketMs + 7,
      touch: { atMs: bucketMs + 9, values: ['', 'Email, "spring"'] },
      bonds: undefined,
    };
    expect(decodeKnown(encodeKnown(known, bucketMs), bucketMs)).toEqual(known);
    expect(decodeKnown(encodeKnown({ ...known, touch: undefined }, bucketMs), bucketMs).touch).toBeUndefined();
  });

  test('a user who came as guests, and a guest who signed in, whatever they are called', () => {
    const bonds = {
      guests: [['g,1\n"', 'l1'] as const],
      into: { userId: 'u;,"', links: ['l2'], atMs: 5 },
      hasReturned: true,
      gone: [['tab', 'u2', 7] as const],
      overdue: [['g', 'l3'] as const],
    };
    const stored = encodeKnown({ beganMs: bucketMs + 7, touch: undefined, bonds }, bucketMs);
    expect(stored).toBe('7\n[[["g,1\\n\\"","l1"]],["u;,\\"","l2"],true,[["tab","u2",7]],[["g","l3"]],5]');
    // A session may have begun long before what is known beside.
    for (const beganMs of [undefined, bucketMs + 7, bucketMs - 7_000_000_000])
      for (const touch of [undefined, { atMs: bucketMs + 9, values: ['a\nb'] }]) {
        const known = { beganMs, touch, bonds };
        expect(decodeKnown(encodeKnown(known, bucketMs), bucketMs)).toEqual(known);
      }
  });

  test('a session that was stored when there were fewer funnels has come nowhere in the new one', () => {
    const stored = storedSession({ ...session, progress: [2], reachedAfterMs: [4_000] });
    expect(readSession(stored, bucketMs, texts)).toEqual({ ...session, progress: [2, 0], reachedAfterMs: [4_000, 0] });
  });
});

describe('what nobody wrote is said to be corrupt, with its place', () => {
  test.each([
    ['no JSON', '[1,', 'stored state is no JSON: "[1,"'],
    ['no list', '{"a":1}', 'a stored list is {"a":1}'],
    ['too short', '[1]', 'stored state holds nothing at place 1 where a number belongs'],
    ['a text for a number', '[1,"1"]', 'stored state holds "1" at place 1 where a number belongs'],
    ['a number for a text', '[1,1,["tab",[[7]]]]', 'stored state holds [7] at place 0 where a list of texts belongs'],
    [
      'stages that are none',
      '[1,1,["tab",[["Oslo"],0,0,0,0,1,["x"],[],0,0]]]',
      'stored state holds ["x"] at place 6 where a list of numbers belongs',
    ],
    ['a session that is none', '[1,1,["tab",5]]', 'a stored list is 5'],
  ])('%s', (_, text, message) => {
    expect(() => readUser(text, 0, texts)).toThrow(new CorruptState(message));
  });
});
