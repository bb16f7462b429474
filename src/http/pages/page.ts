import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { OpenAPIHono } from '@hono/zod-openapi';
import { sentWith } from './sent-with.ts';

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

const PAGE_HEADERS = { 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' };

/** The page as it was built, with its files. */
export function pageRoutes(root: string): OpenAPIHono {
  const app = new OpenAPIHono();
  if (!existsSync(join(root, 'index.html'))) {
    const missing = 'The page is not built: run `npm run build`. The API is described at /docs';
    app.get('/', (context) => context.text(missing, 503, PAGE_HEADERS));
    return app;
  }
  const files = serveStatic({ root, precompressed: true });
  app.get('/', sentWith(PAGE_HEADERS), files);
  app.get('/favicon.svg', sentWith({ 'Cache-Control': 'no-cache' }), files);
  // Their names hold their content's hash.
  app.get('/assets/*', sentWith({ 'Cache-Control': 'public, max-age=31536000, immutable' }), files);
  return app;
}
