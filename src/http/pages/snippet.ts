import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { OpenAPIHono } from '@hono/zod-openapi';
import { sentWith } from './sent-with.ts';

export const SNIPPET_PATH = '/cartpulse.js';

/** Pages of every origin may load it, also with an integrity hash; a new version is there within an hour. */
const HEADERS = {
  'Cache-Control': 'public, max-age=3600',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
};

/** The script for a shop's pages, as it was built from sdk/. */
export function snippetRoute(distDir: string): OpenAPIHono {
  const app = new OpenAPIHono();
  const root = join(distDir, 'snippet');
  if (!existsSync(join(root, SNIPPET_PATH))) {
    app.get(SNIPPET_PATH, (context) => context.text('The snippet is not built: run `npm run build`', 503));
    return app;
  }
  app.get(SNIPPET_PATH, sentWith(HEADERS), serveStatic({ root, precompressed: true }));
  return app;
}
