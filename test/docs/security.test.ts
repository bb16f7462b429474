import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const table = readFileSync(resolve(root, 'SECURITY.md'), 'utf8').split('## OWASP')[1]?.split('\n## ')[0] ?? '';
const rows = table.split('\n').filter((line) => /^\| API\d+ /.test(line));

test('all ten risks of OWASP are answered, and each test that tries one is there', () => {
  expect(rows.map((row) => /^\| (API\d+) /.exec(row)?.[1])).toEqual(
    Array.from({ length: 10 }, (_, i) => `API${i + 1}`),
  );
  for (const row of rows) {
    const tests = [...row.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)];
    expect([row.slice(0, 8), tests.length > 0]).toEqual([row.slice(0, 8), true]);
    for (const [, file = '', name = ''] of tests) {
      const path = resolve(root, file);
      expect([file, existsSync(path) && readFileSync(path, 'utf8').includes(name)]).toEqual([file, true]);
    }
  }
});
