import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scripts } from '../../../../src/adapters/redis/client/commands.ts';

const src = resolve(import.meta.dirname, '../../../../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.lua'))
  .map((path) => ({ name: basename(path), lua: readFileSync(join(src, path), 'utf8') }));

describe.each(files)('$name', ({ lua }) => {
  const lines = lua.split('\n');
  const head = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('--')),
  );
  const says = (what: RegExp): boolean => head.some((line) => what.test(line));

  test('says at its head what it does, what it takes and what it returns', () => {
    expect(head[0]).toMatch(/^-- [A-Z].{20,}/);
    if (/\bKEYS\b/.test(lua)) expect(says(/^-- KEYS/)).toBe(true);
    if (/\bARGV\b/.test(lua)) expect(says(/^-- ARGV/)).toBe(true);
    for (const [, index] of lua.slice(head.join('\n').length).matchAll(/\bARGV\[(\d+)\]/g))
      expect(says(new RegExp(`^-- ARGV\\[${index}[\\]…]`))).toBe(true);
    expect(says(/^-- Returns {2}/)).toBe(true);
  });

  test('is a command, or stands before one', () => {
    expect(Object.values(scripts).filter((script) => script.lua.includes(lua))).not.toEqual([]);
  });
});

test('a command bears the name of its file', () => {
  for (const [command, { lua }] of Object.entries(scripts)) {
    const file = `${command.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.lua`;
    expect(lua.endsWith(files.find(({ name }) => name === file)?.lua ?? `no ${file}`)).toBe(true);
  }
});
