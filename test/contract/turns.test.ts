import { expect, test } from 'vitest';
import { Turns } from '../../src/adapters/kafka/turns.ts';

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { done, end: () => end() };
}

test('whoever begins waits for room: no more than two go on at a time, and the next begins when one has ended', async () => {
  const turns = new Turns(2);
  const works = [work(), work(), work(), work()];
  const begun: number[] = [];
  const beginning = works.map(async ({ done }, i) => {
    await turns.take();
    begun.push(i);
    void done.then(() => turns.giveBack());
  });
  await Promise.all(beginning.slice(0, 2));
  expect(begun).toEqual([0, 1]);
  works[1]?.end();
  await beginning[2];
  expect(begun).toEqual([0, 1, 2]);
  works[0]?.end();
  await beginning[3];
  const settled = turns.settled().then(() => 'settled');
  expect(await Promise.race([settled, Promise.resolve('going on')])).toBe('going on');
  for (const { end } of works) end();
  expect(await settled).toBe('settled');
});
