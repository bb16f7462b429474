import type { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';

/** Which methods a path takes; none where there is no such path. The routes are looked at when it is first asked for. */
export function methodsOf(app: Pick<Hono, 'routes'>): (path: string) => readonly string[] {
  let router: TrieRouter<readonly string[]> | undefined;
  return (path) => {
    router ??= routerOf(app);
    return [...new Set(router.match('ALL', path)[0].flatMap(([methods]) => methods))].sort();
  };
}

function routerOf({ routes }: Pick<Hono, 'routes'>): TrieRouter<readonly string[]> {
  const router = new TrieRouter<readonly string[]>();
  // `ALL` is what every request passes.
  for (const { method, path } of routes)
    if (method !== 'ALL') router.add('ALL', path, method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : [method, 'OPTIONS']);
  return router;
}
