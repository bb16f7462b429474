import type { Server } from 'node:http';
import { TrieRouter } from 'hono/router/trie-router';
import type { Measures } from './measures.ts';

type Routes = readonly { readonly method: string; readonly path: string }[];

/** Where no route answers: strangers must not make as many time series as they ask paths. */
const OTHER = 'other';

/** How the route of a path is written in the code, such as `/v1/products/:id`. */
export function routeNames(routes: Routes): (path: string) => string {
  const router = new TrieRouter<string>();
  const exact = new Set<string>();
  for (const { method, path } of routes) {
    // `ALL` is what every request passes.
    if (method === 'ALL') continue;
    router.add('ALL', path, path);
    if (!/[:*{]/.test(path)) exact.add(path);
  }
  return (path) => (exact.has(path) ? path : (router.match('ALL', path)[0][0]?.[0] ?? OTHER));
}

/** Measures each answer of a server, but for streams, which last for as long as somebody listens. */
export function measureRequests(server: Server, measures: () => Measures, routesOf: () => Routes): void {
  let names: ReturnType<typeof routeNames> | undefined;
  server.on('request', (incoming, outgoing) => {
    const began = performance.now();
    outgoing.once('finish', () => {
      if (String(outgoing.getHeader('Content-Type')).startsWith('text/event-stream')) return;
      const [path = '/'] = (incoming.url ?? '/').split('?');
      names ??= routeNames(routesOf());
      const { method = 'GET' } = incoming;
      const ms = performance.now() - began;
      measures().answered({ method, route: names(path), status: outgoing.statusCode, ms });
    });
  });
}
