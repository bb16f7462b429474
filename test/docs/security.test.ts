import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(resolve(root, name), 'utf8');

/** The rows of a table of a chapter, without its head. */
const rowsOf = (document: string, chapter: string): string[] =>
  (read(document).split(`\n## ${chapter}`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => /^\| (?!---|.* \| now \| held by \|$|item )/.test(line) && !/^\|-/.test(line));

/** Tests that a row names: a file, and behind it what its tests promise. */
function testsOf(row: string): [file: string, name: string][] {
  return [...row.matchAll(/`(test\/[^`]+\.test\.ts)`((?: (?:and )?"[^"]+";?)+)/g)].flatMap(
    ([, file = '', names = '']) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']): [string, string] => [file, name]),
  );
}

function expectTried(row: string): void {
  const tests = testsOf(row);
  expect([row, tests.length > 0]).toEqual([row, true]);
  for (const [file, name] of tests)
    expect([file, name, existsSync(resolve(root, file)) && read(file).includes(name)]).toEqual([file, name, true]);
}

test('all ten risks of OWASP are answered, and each test that tries one is there', () => {
  const rows = rowsOf('SECURITY.md', 'OWASP');
  expect(rows.map((row) => /^\| (API\d+) /.exec(row)?.[1])).toEqual(
    Array.from({ length: 10 }, (_, i) => `API${i + 1}`),
  );
  for (const row of rows) expectTried(row);
});

test('each finding of the audit names the tests that hold it, and they are there', () => {
  const rows = rowsOf('docs/reliability.md', 'Found by an audit');
  expect(rows.length).toBeGreaterThan(35);
  for (const row of rows) expectTried(row);
});

test('each finding on a Docker engine names what holds it, and that is there', () => {
  const rows = rowsOf('docs/reliability.md', 'On a Docker engine');
  const found = rows.slice(rows.findIndex((row) => row.startsWith('| Redis and Kafka stay down')));
  expect(found.length).toBeGreaterThan(10);
  const engine = read('test/chaos/compose.engine.test.ts');
  for (const row of found) {
    const held = row.split(' | ').at(-1) ?? '';
    const promises = [...held.matchAll(/"([^"]+?)(?: …)?"/g)].map(([, name = '']) => name);
    const files = [...held.matchAll(/`(test\/[^`]+)`/g)].map(([, name = '']) => name);
    expect([row, promises.length + files.length > 0]).toEqual([row, true]);
    for (const name of promises) expect([name, engine.includes(name)]).toEqual([name, true]);
    for (const name of files) {
      const there = ['.test.ts', '.redis.test.ts'].some((end) => existsSync(resolve(root, `${name}${end}`)));
      expect([name, there]).toEqual([name, true]);
    }
  }
});
