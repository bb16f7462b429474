import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Charts set styles of their own; scripts come from here alone, and none stands in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

interface Asset {
  readonly type: string;
  readonly plain: Buffer<ArrayBuffer>;
  readonly gzipped: Buffer<ArrayBuffer>;
}

/** The page as it was built, kept in memory: a handful of files. */
export function addPage(app: OpenAPIHono, dir: string): void {
  const assets = readAssets(dir);
  const page = assets.get('/index.html');
  app.get('/', (context) => {
    context.header('Content-Security-Policy', POLICY);
    context.header('Cache-Control', 'no-cache');
    if (page) return sendAsset(context, page);
    return context.text('The page is not built: run `npm run build`. The API is described at /docs', 503);
  });
  for (const [path, asset] of assets) {
    if (path === '/index.html') continue;
    app.get(path, (context) => {
      // Names of built files hold their content's hash.
      const isHashed = path.startsWith('/assets/');
      context.header('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      return sendAsset(context, asset);
    });
  }
}

function readAssets(dir: string): Map<string, Asset> {
  if (!existsSync(dir)) return new Map();
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      const plain = readFileSync(path);
      const type = TYPES[extname(path)] ?? 'application/octet-stream';
      return [`/${relative(dir, path).replaceAll('\\', '/')}`, { type, plain, gzipped: gzipSync(plain, { level: 9 }) }];
    }),
  );
}

function sendAsset(context: Context, { type, plain, gzipped }: Asset): Response {
  const compressed = /\bgzip\b/.test(context.req.header('Accept-Encoding') ?? '');
  context.header('Vary', 'Accept-Encoding');
  if (compressed) context.header('Content-Encoding', 'gzip');
  return context.body(compressed ? gzipped : plain, 200, { 'Content-Type': type });
}
