import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appOf } from '../app-parts.ts';

let distDir: string;
let app: ReturnType<typeof appOf>;
beforeAll(() => {
  distDir = mkdtempSync(join(tmpdir(), 'cartpulse-dist-'));
  const files = { 'index.html': '<p>page</p>', 'favicon.svg': '<svg/>', 'assets/index-1a.js': 'let a;' };
  mkdirSync(join(distDir, 'dashboard/assets'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(distDir, 'dashboard', name), text);
    writeFileSync(join(distDir, 'dashboard', `${name}.gz`), gzipSync(text));
  }
  app = appOf([], { distDir });
});
afterAll(() => rmSync(distDir, { recursive: true, force: true }));

const ask = (path: string, encoding?: string) =>
  app.request(path, encoding === undefined ? {} : { headers: { 'Accept-Encoding': encoding } });

describe('the page', () => {
  test.each([
    ['/', 'text/html; charset=utf-8', 'no-cache', '<p>page</p>'],
    ['/favicon.svg', 'image/svg+xml; charset=utf-8', 'no-cache', '<svg/>'],
    ['/assets/index-1a.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable', 'let a;'],
  ])('%s is sent as it was built, or compressed to those who take that', async (path, type, cache, text) => {
    const [plain, compressed] = [await ask(path), await ask(path, 'gzip, deflate')];
    for (const response of [plain, compressed])
      expect([
        response.status,
        ...['Content-Type', 'Cache-Control', 'Vary'].map((name) => response.headers.get(name)),
      ]).toEqual([200, type, cache, 'Accept-Encoding']);
    expect([plain.headers.get('Content-Encoding'), await plain.text()]).toEqual([null, text]);
    expect(compressed.headers.get('Content-Encoding')).toBe('gzip');
    expect(gunzipSync(Buffer.from(await compressed.arrayBuffer())).toString()).toBe(text);
  });

  test('lets scripts come from here alone', async () => {
    const policy = (await ask('/')).headers.get('Content-Security-Policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
  });

  test.each(['/index.html', '/assets/gone.js', '/assets/', '/assets/..%2findex.html', '/index.html.gz'])(
    '%s is not there, and nobody keeps that for a year',
    async (path) => {
      const response = await ask(path);
      expect([response.status, response.headers.get('Cache-Control')]).toEqual([404, 'no-store']);
    },
  );

  test('that was not built says how to build it', async () => {
    const response = await appOf().request('/');
    expect([response.status, response.headers.get('Cache-Control'), await response.text()]).toEqual([
      503,
      'no-cache',
      'The page is not built: run `npm run build`. The API is described at /docs',
    ]);
  });
});

describe('the API’s page', () => {
  test('loads nothing from elsewhere and tells nobody, built or not', async () => {
    for (const one of [app, appOf()]) {
      const page = await one.request('/docs');
      expect(page.headers.get('Content-Security-Policy')).toMatch(/^default-src 'self';/);
      const html = await page.text();
      const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
      const own = ['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js'];
      expect(files).toEqual([one === app ? '/favicon.svg' : 'data:,', ...own]);
      for (const path of files.filter((file) => file.startsWith('/')))
        expect([path, (await one.request(path)).status]).toEqual([path, 200]);
      expect(await (await one.request('/docs/start.js')).text()).toContain('validatorUrl: null');
    }
  });
});
