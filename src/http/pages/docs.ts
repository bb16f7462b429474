import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { OpenAPIHono } from '@hono/zod-openapi';
import { sentWith } from './sent-with.ts';

/** Without an icon browsers would ask for one that is not there. */
const pageWith = (icon: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>cartpulse API</title><link rel="icon" href="${icon}"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;
/** No validator: it would send the document elsewhere. */
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });`;
/** Nothing is loaded from elsewhere, and nothing sent there. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";

const GUIDE_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/** The page that shows the OpenAPI document, without any other server; beside it the guides, where they were built. */
export function docsRoutes(distDir: string): OpenAPIHono {
  const app = new OpenAPIHono();
  const page = pageWith(existsSync(join(distDir, 'dashboard/favicon.svg')) ? '/favicon.svg' : 'data:,');
  app.get('/docs', (context) => context.html(page, 200, { 'Content-Security-Policy': POLICY }));
  app.get('/docs/start.js', (context) =>
    context.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  const builtRoot = join(distDir, 'docs');
  // Where nothing was built, the files of the package, which are not compressed.
  const root = existsSync(builtRoot)
    ? builtRoot
    : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const path of ['swagger-ui.css', 'swagger-ui-bundle.js'])
    app.get(
      `/docs/${path}`,
      sentWith({ 'Cache-Control': 'max-age=3600' }),
      serveStatic({ root, path, precompressed: true }),
    );
  if (root === builtRoot)
    app.get(
      '/docs/*',
      sentWith({ 'Cache-Control': 'max-age=3600', 'Content-Security-Policy': GUIDE_POLICY }),
      serveStatic({ root, rewriteRequestPath: (path) => path.replace(/^\/docs/, ''), precompressed: true }),
    );
  return app;
}
