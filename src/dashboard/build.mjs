// Builds the page into dist/dashboard, and lays the files of the API's page and the guides into dist/docs, each with compressed
// ones beside it. Runs after `npm ci`; where only what runs is installed there is no builder, and nothing to do.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = resolve(import.meta.dirname, '../../dist');
/** The best (11) takes ten times as long for a tenth less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

function copyDocs() {
  const from = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const to = join(dist, 'docs');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) copyFileSync(join(from, file), join(to, file));
}

function compress() {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const plain = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(plain, BROTLI));
  }
}

const vite = await import('vite').catch(() => undefined);
if (vite === undefined) console.log('cartpulse: vite is not installed, so the page is not built here');
else {
  await vite.build({ configFile: resolve(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
  copyDocs();
  const { makeGuides } = await import('./guides.mjs');
  makeGuides(resolve(import.meta.dirname, '../../docs'), join(dist, 'docs'));
  compress();
}
