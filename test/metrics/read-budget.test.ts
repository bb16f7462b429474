import { expect, test } from 'vitest';
import { HeavyReads, LIGHT_US, RequestBudget, TooHeavyRead, TooManyHeavyReads } from '../../src/metrics/read-budget.ts';

/** Lets everything go on that can. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('light answers take no place, however many there are; what an answer has cost counts', async () => {
  const heavy = new HeavyReads(1, 0);
  const [first, second] = [new RequestBudget(heavy), new RequestBudget(heavy)];
  await first.allow(LIGHT_US);
  await second.allow(LIGHT_US);
  first.note(LIGHT_US);
  expect(first.freeUs).toBe(0);
  // It turns out heavier, and takes the one place.
  await first.allow(1);
  expect(first.freeUs).toBe(Number.POSITIVE_INFINITY);
  second.note(1);
  await expect(second.allow(LIGHT_US)).rejects.toThrow(TooManyHeavyReads);
  second.end();
  first.end();
});

test('heavy answers wait for a place, the lightest first; where as many wait as may, the next is refused', async () => {
  const heavy = new HeavyReads(1, 2);
  const budgets = Array.from({ length: 4 }, () => new RequestBudget(heavy));
  const begun: number[] = [];
  const costs = [20, 30, 10, 40].map((times) => times * LIGHT_US);
  const waiting = budgets.map(async (budget, i) => {
    await budget.allow(costs[i] ?? 0);
    begun.push(i);
  });
  await expect(waiting[3]).rejects.toThrow(TooManyHeavyReads);
  expect(begun).toEqual([0]);
  budgets[3]?.end();
  for (const expected of [
    [0, 2],
    [0, 2, 1],
  ]) {
    budgets[begun.at(-1) ?? 0]?.end();
    await settle();
    expect(begun).toEqual(expected);
  }
  budgets[1]?.end();
  await settle();
  const last = new RequestBudget(heavy);
  await last.allow(2 * LIGHT_US);
  last.end();
});

test('an answer that asks for more than any may is refused before it is read', async () => {
  const budget = new RequestBudget(new HeavyReads(), 100 * LIGHT_US);
  await budget.allow(99 * LIGHT_US);
  budget.note(99 * LIGHT_US);
  await expect(budget.allow(2 * LIGHT_US)).rejects.toThrow(TooHeavyRead);
  budget.end();
});
