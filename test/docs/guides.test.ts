import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** As `npm run build` leaves them. */
const folder = join(root, 'dist/docs');

test('each guide is a page, and its links lead to pages and parts that there are', () => {
  const guides = readdirSync(join(root, 'docs/connect')).filter((name) => name.endsWith('.md'));
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
  expect(pages.filter((page) => page.startsWith('connect'))).toHaveLength(guides.length);
  let links = 0;
  for (const page of pages) {
    const path = join(folder, page);
    for (const [, href = ''] of readFileSync(path, 'utf8').matchAll(/<a href="([^"]*)"/g)) {
      if (/^https?:/.test(href)) continue;
      const [file = '', part] = href.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      expect([page, href, existsSync(target)]).toEqual([page, href, true]);
      if (part !== undefined)
        expect([page, href, readFileSync(target, 'utf8').includes(`id="${part}"`)]).toEqual([page, href, true]);
      links++;
    }
  }
  expect(links).toBeGreaterThan(20);
});
