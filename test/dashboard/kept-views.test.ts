import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VIEW_PARAMETERS } from '../../src/http/admin/views.ts';

/** Of links of earlier versions; and whose way through the shop is shown, which would name a person to all who read. */
const NOT_KEPT = new Set(['city', 'visitor']);

test('the shop keeps all that a view of the page says, but for whose way is looked at', () => {
  // By its text: with its types come those of a browser, which are not those of the tests.
  const source = readFileSync(new URL('../../src/dashboard/app/view.ts', import.meta.url), 'utf8');
  const read = [...source.matchAll(/(?:text|params\.get)\('(\w+)'\)/g)].flatMap(([, name = '']) => name);
  const kept = [...new Set(read)].filter((name) => !NOT_KEPT.has(name));
  expect([...VIEW_PARAMETERS].toSorted()).toEqual(kept.toSorted());
});
