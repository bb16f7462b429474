import { expect, test } from 'vitest';
import { definitions } from '../../../src/analytics/index.ts';
import { LIVE } from '../../../src/fold/settings.ts';
import { Memory } from '../../../src/fold/state/memory.ts';
import { SETTINGS } from '../../support/core/settings.ts';

test('a memory whose carts have grown beyond 16 MB is not used for another unit, however few they are', () => {
  const memory = new Memory(SETTINGS, definitions);
  const lane = memory.lane(LIVE);
  const [ann, ben] = ['ann', 'ben'].map((user) => lane.visitors.ofId(user));
  if (ann === undefined || ben === undefined) throw new Error('both are there');
  lane.holdCart(ann, 9e6);
  lane.holdCart(ann, 10e6);
  expect(memory.isFull).toBe(false);
  lane.holdCart(ben, 9e6);
  expect(memory.isFull).toBe(true);
  lane.holdCart(ben, 0);
  expect(memory.isFull).toBe(false);
});
