import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';

const VERSION = '1.0.0';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>cartpulse API</title><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, validatorUrl: null });`;
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
]);

/** The OpenAPI document, made from the schemas that validate, and a page that shows it without any other server. */
export function addDocs(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'cartpulse',
      version: VERSION,
      description: 'Exact live numbers of a shop, from one Redis.',
      license: { name: 'MIT' },
    },
  });
  app.get('/docs', (context) => context.html(PAGE, 200, { 'Content-Security-Policy': CSP }));
  app.get('/docs/start.js', (context) =>
    context.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of FILES) {
    app.get(`/docs/${name}`, async (context) => {
      const file = await readFile(join(root, name));
      return context.body(new Uint8Array(file), 200, { 'Content-Type': type, 'Cache-Control': 'max-age=3600' });
    });
  }
}
