import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const FILES = ['docker-compose.yml', 'docker/Dockerfile', 'docker/redis-commander.Dockerfile'];
const digestOf = (image: string): string => `sha256:${createHash('sha256').update(image).digest('hex')}`;
let dir: string;

/** A copy of what names images, and a `docker` that answers as `docker buildx imagetools inspect` does. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cartpulse-pins-'));
  mkdirSync(join(dir, 'docker'));
  mkdirSync(join(dir, 'bin'));
  for (const file of FILES) cpSync(join(root, file), join(dir, file));
  const docker = `#!${process.execPath}
const [buildx, imagetools, inspect, image, option, format] = process.argv.slice(2);
if (\`\${buildx} \${imagetools} \${inspect} \${option} \${format}\` !== 'buildx imagetools inspect --format {{json .Manifest}}') process.exit(64);
if (image.startsWith(process.env.UNKNOWN || '-')) { console.error('ERROR: ' + image + ': not found'); process.exit(1); }
const digest = 'sha256:' + require('crypto').createHash('sha256').update(image).digest('hex');
console.log(JSON.stringify({ mediaType: 'application/vnd.oci.image.index.v1+json', digest, size: 9, manifests: [] }));
`;
  writeFileSync(join(dir, 'bin/docker'), docker);
  chmodSync(join(dir, 'bin/docker'), 0o755);
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function pin(options: readonly string[], unknown = ''): { status: number | null; said: string } {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');
  const { status, stderr } = spawnSync(process.execPath, [tsx, join(root, 'docker/pin-images.ts'), ...options], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(dir, 'bin')}:${process.env['PATH']}`, UNKNOWN: unknown },
  });
  return { status, said: stderr };
}

const textOf = (file: string): string => readFileSync(join(dir, file), 'utf8');
const imagesOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^(?: *image: |FROM )(\S+)/gm)].map(([, image = '']) => image);

test('behind each tag stands the digest that its registry names, in compose and in what is built; all else stays', () => {
  const before = FILES.map((file) => textOf(file).replace(/@sha256:\w+/g, ''));
  expect(pin([])).toEqual({ status: 0, said: expect.stringContaining('obsidiandynamics/kafdrop:') });
  const images = FILES.flatMap(imagesOf);
  expect(images.length).toBeGreaterThan(8);
  for (const image of images) {
    const [tag = '', digest] = image.split('@');
    expect([tag, digest]).toEqual([tag, tag.startsWith('cartpulse') ? undefined : digestOf(tag)]);
  }
  expect(FILES.map((file) => textOf(file).replace(/@sha256:\w+/g, ''))).toEqual(before);
});

test('where one registry does not answer nothing is changed, and it says so', () => {
  const before = FILES.map(textOf);
  const { status, said } = pin([], 'apache/kafka');
  expect([status, said]).toEqual([1, expect.stringMatching(/nothing was changed: .*apache\/kafka/)]);
  expect(FILES.map(textOf)).toEqual(before);
});

test('a check asks for every digest that is written, and says which a registry does not have', () => {
  const before = FILES.map(textOf);
  expect(pin(['--check']).status).toBe(0);
  const { status, said } = pin(['--check'], 'redis@sha256:');
  expect([status, said]).toEqual([1, expect.stringMatching(/redis:\S+@sha256:\w+: .*not found/s)]);
  expect(said).toMatch(/node:\S+@sha256:\w+ is there/);
  expect(FILES.map(textOf)).toEqual(before);
});
