import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { allFamilies } from '../../src/app/servers.ts';

const read = (path: string): string => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');

/** Names in the column that says where something lies. */
const told = new Set(
  (read('docs/operations.md').split('## Personal data')[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)),
);

/** Sums, items, settings, and digests that say of nobody what they did. */
const OF_NOBODY = new Set(
  `partition lanes seen-ids admitted admitted-members funnel abandoned products item-names item-categories item-brands item-variants
  stock prices stock-history price-history abandonment recovery-times scores revenue engagement hourly-users daily-users users value-users
  audience touched-hours merging-hours coupons frequencies actions recent-users open-carts payments new-users ranked-dimensions retracted trimmed
  unchanged-days kept-sums kept-stamps

  settings simulation imports import-entries import-order import-take-backs rollup log-ids duties rebuild rebuild-duties rebuild-lease
  publisher published webhooks webhook-health webhooks-disabled answered-times keys keys-state files-to-rewrite alerts alert-states
  alert-history notes views reconciliation-order`.split(/\s+/),
);

/** Of keys of the installation, which are no families. */
const installation = [
  ...(read('src/metrics/keyspace.ts').split('installation(')[1]?.split('): string')[0] ?? '').matchAll(
    /\| '([a-z-]+)'/g,
  ),
];

test('every kind of key is in the table of personal data, or holds nothing of anybody', () => {
  const names = [
    ...new Set([
      ...allFamilies.map(({ name }) => name.split(':')[0] ?? ''),
      ...installation.map(([, name = '']) => name),
    ]),
  ];
  expect(names.length).toBeGreaterThan(80);
  for (const name of names)
    expect([name, told.has(name), OF_NOBODY.has(name)]).toEqual([name, !OF_NOBODY.has(name), !told.has(name)]);
  for (const name of OF_NOBODY) expect(names).toContain(name);
});
