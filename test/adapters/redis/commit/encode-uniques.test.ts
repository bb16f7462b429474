import { unpack } from 'msgpackr';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { encodeUniques } from '../../../../src/adapters/redis/commit/encode-uniques.ts';
import { PIECE_LIMITS, PieceWriter } from '../../../../src/adapters/redis/commit/piece-writer.ts';
import { ShardKeys } from '../../../../src/adapters/redis/commit/shard-keys.ts';
import { stageUsers, stageUsersByValue } from '../../../../src/analytics/shared/unique-users.ts';
import { Keyspace } from '../../../../src/metrics/keyspace.ts';
import { Dictionaries } from '../../../../src/metrics/sums/dictionaries.ts';
import { NO_VALUE } from '../../../../src/metrics/sums/dimension-values.ts';
import { Sums } from '../../../../src/metrics/sums/sums.ts';
import { Calendar } from '../../../../src/time/calendar.ts';

const payload = z.object({
  ops: z.array(z.tuple([z.literal('pfadd'), z.array(z.string()), z.array(z.number())]).rest(z.unknown())),
  keys: z.array(z.string()),
});
const FIRST_KEY = 2;

test('the users of a value are written at once, in however many combinations they were seen with it', () => {
  const sums = new Sums(new Dictionaries({ dimensions: ['city', 'device'] }));
  const { users, values } = sums.dictionaries;
  const hour = sums.hour(new Calendar('UTC').at(Date.parse('2026-11-20T14:30:00Z')));
  const see = (user: string, ...texts: string[]): void => {
    hour.see(sums.uniques(stageUsers, 'visit'), NO_VALUE, users.ofText(user));
    hour.see(sums.uniques(stageUsersByValue, 'visit'), values.ofTexts(texts), users.ofText(user));
  };
  see('ann', 'Oslo', 'mobile');
  see('bob', 'Oslo', 'desktop');
  see('cem', 'Pune', 'mobile');
  const into = new PieceWriter(PIECE_LIMITS);
  encodeUniques(
    sums,
    new ShardKeys(new Keyspace('cp', 1, 1), 0, { hourlyDays: 8, dailyDays: 400, caps: new Map() }),
    into,
  );
  const written = into.done().flatMap((piece) => {
    const { ops, keys } = payload.parse(unpack(piece.payload));
    return ops.flatMap(([, names, places]) => places.map((place) => [keys[place - FIRST_KEY], names]));
  });
  expect(written).toEqual([
    ['cp:1:{0}:users:visit:2026-11-20T14', ['ann', 'bob', 'cem']],
    ['cp:1:{0}:value-users:visit:city:Oslo:2026-11-20T14', ['ann', 'bob']],
    ['cp:1:{0}:value-users:visit:device:mobile:2026-11-20T14', ['ann', 'cem']],
    ['cp:1:{0}:value-users:visit:device:desktop:2026-11-20T14', ['bob']],
    ['cp:1:{0}:value-users:visit:city:Pune:2026-11-20T14', ['cem']],
  ]);
});
