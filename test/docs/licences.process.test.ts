import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lock = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({ license: z.string().optional(), dev: z.boolean().optional(), integrity: z.string().optional() }),
  ),
});

/** Licences that ask for no more than their text and a name; what has another one is looked at first. */
const TAKEN = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT/X11',
  'Unlicense',
];

const HEADER = `# Licences

What cartpulse brings along when it is installed, by licence. Made from package-lock.json by \`npm run licences\`; versions are there, and in the list of parts
(SBOM) that the workflow \`supply-chain\` makes.
`;

interface Package {
  readonly name: string;
  readonly license: string;
}

function packages(): Package[] {
  const all = Object.entries(lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8'))).packages);
  return all.flatMap(([path, { license, dev }]) =>
    path === '' || dev === true ? [] : [{ name: path.replace(/^.*node_modules\//, ''), license: license ?? 'none' }],
  );
}

test('what is installed with it has licences that ask for no more than their text and a name', () => {
  const others = packages().filter(({ license }) => !license.split(/ OR |[()]/).some((one) => TAKEN.includes(one)));
  expect(others).toEqual([]);
});

test('docs/licences.md lists them', async () => {
  const byLicence = new Map<string, Set<string>>();
  for (const { name, license } of packages()) byLicence.set(license, (byLicence.get(license) ?? new Set()).add(name));
  const parts = [...byLicence]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([license, names]) => `\n**${license}**: ${[...names].sort().join(', ')}\n`);
  await expect(HEADER + parts.join('')).toMatchFileSnapshot('../../docs/licences.md');
});

test('every package of the lockfile has its integrity', () => {
  const { packages: all } = lock.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
  const without = Object.entries(all).filter(([path, { integrity }]) => path !== '' && integrity === undefined);
  expect(without.map(([path]) => path)).toEqual([]);
});

test('the list of parts that the workflow keeps is CycloneDX, and has every dependency with its hash', {
  timeout: 60_000,
}, () => {
  const workflow = readFileSync('.github/workflows/supply-chain.yml', 'utf8');
  expect(workflow).toMatch(/run: npm audit signatures$/m);
  const command = /run: npm (sbom [^>]+) > /.exec(workflow)?.[1] ?? '';
  const text = execFileSync('npm', [...command.split(' '), '--package-lock-only'], { encoding: 'utf8' });
  const { bomFormat, components } = z
    .object({
      bomFormat: z.string(),
      components: z.array(z.object({ name: z.string(), hashes: z.array(z.object({ alg: z.string() })).min(1) })),
    })
    .parse(JSON.parse(text));
  expect(bomFormat).toBe('CycloneDX');
  const { dependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync('package.json', 'utf8')));
  const listed = components.map(({ name }) => name);
  expect(Object.keys(dependencies).filter((name) => !listed.includes(name))).toEqual([]);
});
