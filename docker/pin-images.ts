import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../src/runtime/errors.ts';

/**
 * `npm run pin-images` writes behind the tag of every image, here and in what is built, the digest that its registry
 * names for it now. With `--check` it changes nothing, and ends with 1 where a registry does not have a digest that is written.
 */
const IMAGE = /^( *image: |FROM )(?!cartpulse)([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?/gm;
const TIMEOUT_MS = 60_000;

const execute = promisify(execFile);
const manifest = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

const say = (line: string): void => {
  process.stderr.write(`pin-images: ${line}\n`);
};

/** The digest of a manifest, or of the list of those of all platforms, as the registry has it. */
async function digestOf(image: string): Promise<string> {
  const question = ['buildx', 'imagetools', 'inspect', image, '--format', '{{json .Manifest}}'];
  const { stdout } = await execute('docker', question, { timeout: TIMEOUT_MS });
  return manifest.parse(JSON.parse(stdout)).digest;
}

/** @returns whether the registry has what is written of this image */
async function check(tag: string, digest: string | undefined): Promise<boolean> {
  if (digest === undefined) {
    say(`${tag} has no digest`);
    return true;
  }
  const name = tag.slice(0, tag.lastIndexOf(':'));
  const error = await digestOf(`${name}${digest}`).then(() => undefined, messageOf);
  say(error === undefined ? `${tag}${digest} is there` : `${tag}${digest}: ${error}`);
  return error === undefined;
}

const files = [
  'docker-compose.yml',
  ...readdirSync('docker')
    .filter((name) => name.endsWith('Dockerfile'))
    .map((name) => join('docker', name)),
];
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
const written = new Map(
  [...texts.values()].flatMap((text) =>
    [...text.matchAll(IMAGE)].map(([, , tag = '', digest]) => [tag, digest] as const),
  ),
);

if (process.argv.includes('--check')) {
  const results = await Promise.all([...written].map(([tag, digest]) => check(tag, digest)));
  process.exitCode = results.every(Boolean) ? 0 : 1;
} else {
  try {
    // All are asked before anything is written, so that no file is left half done.
    const found = new Map(
      await Promise.all([...written.keys()].map(async (tag) => [tag, `@${await digestOf(tag)}`] as const)),
    );
    for (const [tag, digest] of found) say(`${tag}${digest}${digest === written.get(tag) ? '' : ', new'}`);
    for (const [file, text] of texts)
      writeFileSync(
        file,
        text.replace(IMAGE, (_all, before: string, tag: string) => `${before}${tag}${found.get(tag) ?? ''}`),
      );
  } catch (error) {
    say(`nothing was changed: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
