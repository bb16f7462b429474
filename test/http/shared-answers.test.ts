import { expect, test } from 'vitest';
import { SharedAnswers } from '../../src/http/shared-answers.ts';

/** Readings that end when the test says so; each says when it began. */
function readings() {
  let clock = 0;
  const open: { began: number; end: (error?: Error) => void }[] = [];
  const read = (): Promise<string> => {
    clock += 1;
    const began = clock;
    return new Promise((resolve, reject) => {
      open.push({ began, end: (error) => (error === undefined ? resolve(String(began)) : reject(error)) });
    });
  };
  const endFirst = async (error?: Error): Promise<void> => {
    open.shift()?.end(error);
    for (let turns = 0; turns < 5; turns++) await Promise.resolve();
  };
  return { read, endFirst, started: () => clock };
}

test('who comes while it is being read gets the next reading, and shares it with others who wait', async () => {
  const { read, endFirst, started } = readings();
  const answers = new SharedAnswers<string>();
  const first = answers.get('/a', read);
  const later = [answers.get('/a', read), answers.get('/a', read), answers.get('/a', read)];
  expect(started()).toBe(1);
  await endFirst();
  const latest = answers.get('/a', read);
  expect(started()).toBe(2);
  await endFirst();
  await endFirst();
  expect(await first).toBe('1');
  expect(await Promise.all(later)).toEqual(['2', '2', '2']);
  expect(await latest).toBe('3');
});

test('what is asked for differently is read for itself', async () => {
  const { read, endFirst } = readings();
  const answers = new SharedAnswers<string>();
  const both = [answers.get('/a', read), answers.get('/b', read)];
  await endFirst();
  await endFirst();
  expect(await Promise.all(both)).toEqual(['1', '2']);
});

test('a reading that fails fails for those who share it alone; the next one begins all the same', async () => {
  const { read, endFirst } = readings();
  const answers = new SharedAnswers<string>();
  const first = answers.get('/a', read);
  const second = answers.get('/a', read);
  const failed = expect(first).rejects.toThrow('away');
  await endFirst(new Error('away'));
  await failed;
  await endFirst();
  expect(await second).toBe('2');
  const third = answers.get('/a', read);
  await endFirst();
  expect(await third).toBe('3');
});
