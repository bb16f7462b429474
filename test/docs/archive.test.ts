import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COLUMNS } from '../../src/archive/columns.ts';

test('docs/archive.md has every column of the archive, as the list in the code has it', () => {
  const rows = COLUMNS.map(({ name, type, meaning }) => `| \`${name}\` | ${type} | ${meaning} |`);
  const table = ['| column | type | meaning |', '|---|---|---|', ...rows].join('\n');
  expect(readFileSync('docs/archive.md', 'utf8')).toContain(table);
});
