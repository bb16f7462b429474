import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { installPacked } from './packed.ts';

const away = mkdtempSync(join(tmpdir(), 'cartpulse-package-'));
afterAll(() => rmSync(away, { recursive: true, force: true }));

const run = async (command: string, ...args: string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, args, { cwd: away, timeout: 60_000 });
  return stdout.trim();
};

/** Fields have their types; one that is of another is told by the compiler. */
const USER = `
import { createClient } from 'cartpulse-client/node';
import { createClient as inBrowser } from 'cartpulse-client/browser';
import { watchPages } from 'cartpulse-client/pages';
const client = createClient({ url: 'http://127.0.0.1:9' });
export const sent: Promise<void> = client.track('purchase', { transaction_id: '1', items: [{ price: 1 }] });
// @ts-expect-error a price is a number
export const wrong = client.track('purchase', { items: [{ price: '1' }] });
export const pages = [inBrowser, watchPages];
`;

test('the package has what it needs and nothing else, with types, and works where it is installed', async () => {
  const { files } = await installPacked(away);
  const modules = ['browser', 'events', 'node', 'pages', 'queue'];
  const built = modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]);
  expect(files.sort()).toEqual([...built, 'README.md', 'package.json'].sort());
  writeFileSync(join(away, 'package.json'), '{"type": "module"}');
  writeFileSync(join(away, 'user.ts'), USER);
  const of = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const options = ['--module', 'nodenext', '--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom'];
  await run(process.execPath, join(of('typescript'), 'bin/tsc'), ...options, 'user.ts');
  const use = `import { createClient } from 'cartpulse-client/node';
    const client = createClient({ url: 'http://127.0.0.1:9', gatherMs: 1 });
    await client.track('page_view', { user_id: 'u1' });
    console.log(await client.close(200));`;
  expect(await run(process.execPath, '--input-type=module', '-e', use)).toBe('1');
}, 120_000);
