import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const SDK = resolve(import.meta.dirname, '../../sdk');
const PACKAGE = 'node_modules/cartpulse-client';

/** The package as `npm pack` makes it, installed in a folder that is empty. @returns where it is, and the files in it */
export async function installPacked(folder: string): Promise<{ readonly path: string; readonly files: string[] }> {
  const run = promisify(execFile);
  const options = { cwd: folder, timeout: 60_000 };
  await run('npm', ['pack', SDK, '--pack-destination', folder, '--ignore-scripts=false'], options);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('`npm pack` made no package');
  mkdirSync(join(folder, PACKAGE), { recursive: true });
  await run('tar', ['-xzf', archive, '-C', PACKAGE, '--strip-components=1'], options);
  const { stdout } = await run('tar', ['-tzf', archive], options);
  const files = stdout
    .trim()
    .split('\n')
    .map((name) => name.replace('package/', ''));
  return { path: join(folder, PACKAGE), files };
}
