import { expect, test } from 'vitest';
import { definitions } from '../../../src/analytics/index.ts';
import { LIVE } from '../../../src/fold/settings.ts';
import { Memory } from '../../../src/fold/state/memory.ts';
import { SETTINGS } from '../../support/core/settings.ts';

test('a memory whose carts have grown beyond 16 MB is not used for another unit, however few they are', () => {
  const memory = new Memory(SETTINGS, definitions);
  const { visitors } = memory.lane(LIVE);
  const [ann, ben] = ['ann', 'ben'].map((user) => visitors.ofId(user));
  if (ann === undefined || ben === undefined) throw new Error('both are there');
  visitors.holdCart(ann, 9e6);
  visitors.holdCart(ann, 10e6);
  expect(memory.isFull).toBe(false);
  visitors.holdCart(ben, 9e6);
  expect(memory.isFull).toBe(true);
  visitors.holdCart(ben, 0);
  expect(memory.isFull).toBe(false);
});
