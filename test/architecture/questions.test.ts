import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { questions } from '../../src/analytics/index.ts';
import { foldersIn, root } from './sources.ts';

const folders = foldersIn('src/analytics').filter((name) => name !== 'shared');
const part = (folder: string, name: string): string => resolve(root, 'src/analytics', folder, `${name}.ts`);
const camelCase = (folder: string): string => folder.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const LINE = /^export \{ (\w+) \} from '\.\/([a-z-]+)\/route\.ts';$/;

test('registering a question is one line: its name, from its folder', () => {
  const text = readFileSync(resolve(root, 'src/analytics/questions.ts'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('/**'));
  const registered = lines.map((line) => LINE.exec(line) ?? []).map(([, name, folder]) => [name, folder]);
  expect(registered.sort()).toEqual(folders.map((folder) => [camelCase(folder), folder]).sort());
});

test('every folder is a question, and every question has a folder of its name', () => {
  expect(questions.map(({ name }) => name).sort()).toEqual(folders.sort());
});

describe.each(questions)('$name is one room', ({ name, definitions, routes }) => {
  const own = existsSync(part(name, 'definition'))
    ? import(part(name, 'definition')).then((module: object) => Object.values(module))
    : Promise.resolve([]);

  test('what it keeps for itself stands in its definition, which it registers', async () => {
    const definition = (await own).find((one) => typeof one === 'object' && 'families' in one);
    if (definition === undefined) expect(existsSync(part(name, 'definition'))).toBe(false);
    else expect(definitions).toContain(definition);
    expect(definitions.length).toBeGreaterThan(0);
  });

  test('it is asked by its route, which answers by its query', () => {
    expect(existsSync(part(name, 'query'))).toBe(true);
    expect(routes.length).toBeGreaterThan(0);
    for (const { path } of routes) expect(path).toMatch(/^\/v1\//);
  });

  test('it has a test', () => {
    const tests = resolve(root, 'test/analytics', name);
    expect(existsSync(tests) ? readdirSync(tests).filter((file) => file.endsWith('.test.ts')) : []).not.toEqual([]);
  });
});

test('no two questions share a path, and no two definitions a family’s name', () => {
  const paths = questions.flatMap(({ routes }) => routes.map(({ path }) => path));
  expect(new Set(paths).size).toBe(paths.length);
  const families = [...new Set(questions.flatMap((question) => question.definitions))].flatMap(
    (definition) => definition.families,
  );
  expect(new Set(families.map((family) => family.name)).size).toBe(families.length);
});
