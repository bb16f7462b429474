import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OLDER_DATA_LAYER, RULES } from '../../src/events/repairs/rules.ts';

test('the documents have every rule of repairs, as the table in the code has it', () => {
  const rows = [OLDER_DATA_LAYER, ...RULES].map(({ name, sent, taken }) => `| ${sent} | ${taken} | \`${name}\` |`);
  const table = ['| sent | taken as | rule |', '|---|---|---|', ...rows].join('\n');
  expect(readFileSync('docs/rules.md', 'utf8')).toContain(table);
});
