import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

/** Code that a page shows: `<!-- shown: file as where-it-is-to-stand -->`, and the block behind it. */
const SHOWN = /<!-- shown: (\S+) as (\S+) -->\n```ts\n([\s\S]*?)```/g;

/** A file as it reads at another place: what it imports is named from there, and its own neighbours come along. */
function movedTo(place: string, from: string): string {
  const [home, there] = [dirname(from), dirname(place)];
  const moved = read(from).replaceAll(/from '(\.[^']+)'/g, (_, specifier: string) => {
    const imported = relative(root, resolve(root, home, specifier));
    const target = dirname(imported) === home ? `${there.replace(/^test\//, 'src/')}/${basename(imported)}` : imported;
    const path = relative(there, target);
    return `from '${path.startsWith('.') ? path : `./${path}`}'`;
  });
  const [imports = '', ...rest] = moved.split('\n\n');
  return [imports.split('\n').sort(byDistance).join('\n'), ...rest].join('\n\n');
}

/** Imports in the order in which the linter wants them: packages, then what lies farthest. */
function byDistance(a: string, b: string): number {
  const pathOf = (line: string): string => /from '(.*)'/.exec(line)?.[1] ?? '';
  const [x, y] = [pathOf(a), pathOf(b)];
  const rank = (path: string): number => (path.startsWith('.') ? -path.split('../').length : Number.NEGATIVE_INFINITY);
  return rank(x) - rank(y) || (x < y ? -1 : 1);
}

const pages = readdirSync(resolve(root, 'docs/tutorials')).filter((name) => name.endsWith('.md'));

describe.each(pages)('docs/tutorials/%s', (page) => {
  const blocks = [...read(`docs/tutorials/${page}`).matchAll(SHOWN)];

  test('shows code', () => expect(blocks.length).toBeGreaterThan(0));

  test.each(blocks.map(([, from = '', place = '', code = '']) => ({ from, place, code })))(
    'what it shows as $place is $from, which is checked and run',
    ({ from, place, code }) => {
      expect(code).toBe(movedTo(place, from));
    },
  );
});
