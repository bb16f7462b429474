import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { connectors } from '../../src/connectors/index.ts';

const root = resolve(import.meta.dirname, '../..');
const textOf = (path: string): string => readFileSync(resolve(root, path), 'utf8');

describe.each(connectors)('whoever adds a way in adds all of it: $name', ({ name, endpoints, signature }) => {
  test('has a folder and a file of its name', () => {
    expect(existsSync(resolve(root, `src/connectors/${name}/${name}.ts`))).toBe(true);
  });

  test('has a guide, which the list of guides names, and which says how to see that it works', () => {
    expect(textOf('docs/connect/README.md')).toContain(`[${name}](${name}.md)`);
    expect(textOf(`docs/connect/${name}.md`)).toContain('(README.md#did-it-arrive)');
    const arrived = textOf('docs/connect/README.md')
      .split(/^## /m)
      .find((part) => part.startsWith('Did it arrive?'));
    expect(arrived).toContain(`\`${name}\``);
    expect(textOf('README.md')).toContain(`docs/connect/${name}.md`);
  });

  test('is tried with keys, or its secret is named by its guide', () => {
    if (signature === undefined) expect(textOf('test/connectors/keys.test.ts')).toContain(`name: '${name}`);
    else expect(textOf(`docs/connect/${name}.md`)).toContain(`${signature.setting}=`);
  });

  test('has addresses that no other way has', () => {
    const others = connectors
      .filter((one) => one.name !== name)
      .flatMap((one) => one.endpoints.map(({ path }) => path));
    for (const { path } of endpoints) expect(others).not.toContain(path);
  });
});
