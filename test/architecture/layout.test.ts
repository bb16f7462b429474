import { expect, test } from 'vitest';
import { foldersUnder, sourcesIn } from './sources.ts';

const MAX_FILES = 13;
const MAX_LINES = 250;

/** Folders that may hold more, and why. */
const LONG_FOLDERS: ReadonlyMap<string, string> = new Map([
  ['src/adapters/redis/scripts', 'one kind of thing: a Lua script a file, found by its name'],
]);

/** Files that may be longer, and why. */
const LONG_FILES: ReadonlyMap<string, string> = new Map([
  ['src/dashboard/app/api-types.ts', 'generated from the OpenAPI document'],
]);

test(`no folder has more than ${MAX_FILES} files of its own`, () => {
  const long = foldersUnder('src').filter(({ path, files }) => files > MAX_FILES && !LONG_FOLDERS.has(path));
  expect(long).toEqual([]);
});

test(`no file has more than ${MAX_LINES} lines`, () => {
  const long = sourcesIn('src')
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > MAX_LINES && !LONG_FILES.has(path));
  expect(long).toEqual([]);
});
