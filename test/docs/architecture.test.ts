import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(resolve(root, 'docs/architecture.md'), 'utf8');
const sectionOf = (title: string): string => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const rowsOf = (section: string): string[][] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|-'))
    .slice(1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

/** The text of a file, or of all that lie in a folder. */
function textOf(path: string): string {
  const full = resolve(root, 'src', path);
  if (!existsSync(full)) throw new Error(`src/${path} is not there`);
  if (!statSync(full).isDirectory()) return readFileSync(full, 'utf8');
  return readdirSync(full)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => textOf(`${path}/${name}`))
    .join('\n');
}

describe('who looks for something in docs/architecture.md finds it:', () => {
  test.each(rowsOf(sectionOf('Find your way')))('%s', (_, files = '', names = '') => {
    const paths = codeIn(files);
    // Folders behind the first are named within it.
    const home = paths[0]?.split('/').slice(0, -1).join('/');
    const texts = paths.map((path) => textOf(path.includes('/') || path.endsWith('.ts') ? path : `${home}/${path}`));
    for (const name of codeIn(names)) expect(texts.join('\n')).toMatch(new RegExp(`\\b${name.split('.').at(-1)}\\b`));
  });

  test('every room of the house', () => {
    const told = rowsOf(sectionOf('Rooms of the house')).flatMap(([rooms = '']) => codeIn(rooms));
    expect(told.sort()).toEqual(readdirSync(resolve(root, 'src')).sort());
  });
});
