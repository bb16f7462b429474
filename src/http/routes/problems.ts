import { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { problemTypes, problemUri } from '../problem-types.ts';
import { notFound } from '../problems.ts';

type ProblemType = (typeof problemTypes)[number];
type Html = ReturnType<typeof html>;

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const HEADERS = { 'Content-Security-Policy': POLICY, 'Cache-Control': 'max-age=3600' };

/** What `type` of a problem leads to: each kind with what it means and what to do. */
export function problemRoutes(): OpenAPIHono {
  const app = new OpenAPIHono();
  app.get('/problems', (context) => context.html(page('Problems', problemTypes.map(described)), 200, HEADERS));
  app.get('/problems/:name', (context) => {
    const type = problemTypes.find(({ code }) => code === context.req.param('name'));
    if (type === undefined) throw notFound('There is no such kind of problem; /problems lists all');
    return context.html(page(type.title, [described(type)]), 200, HEADERS);
  });
  return app;
}

const described = ({ code, status, title, means, todo }: ProblemType): Html => html`
<h2><a href="${problemUri(code)}">${code}</a></h2>
<p><b>${status} ${title}.</b> ${means}</p>
<p>What to do: ${todo}</p>`;

const page = (title: string, parts: readonly Html[]): Html => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title} – cartpulse</title><link rel="icon" href="data:,">
<style>body { font: 1rem/1.5 system-ui; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }</style></head>
<body><h1>${title}</h1>${parts}<p><a href="/problems">All problems</a> · <a href="/docs">The API</a></p></body>
</html>`;
