import type { Hono } from 'hono';
import { TrieRouter } from 'hono/router/trie-router';

/**
 * Which methods a path takes; none where there is no such path. The routes are looked at when it is first asked for.
 * @param narrowed which of the paths that a route with a parameter could take are its own, where another one has the rest
 */
export function methodsOf(
  app: Pick<Hono, 'routes'>,
  narrowed: ReadonlyMap<string, (path: string) => boolean> = new Map(),
): (path: string) => readonly string[] {
  let router: TrieRouter<PathMethods> | undefined;
  return (path) => {
    router ??= routerOf(app);
    const isOwn = (of: PathMethods): boolean => narrowed.get(of.path)?.(path) ?? true;
    const found = router
      .match('ALL', path)[0]
      .map(([of]) => of)
      .filter(isOwn);
    // A path of words alone is no id of what has a parameter there.
    const exact = found.filter((of) => of.path === path);
    return [...new Set((exact.length > 0 ? exact : found).flatMap(({ methods }) => methods))].sort();
  };
}

interface PathMethods {
  readonly path: string;
  readonly methods: readonly string[];
}

function routerOf({ routes }: Pick<Hono, 'routes'>): TrieRouter<PathMethods> {
  const router = new TrieRouter<PathMethods>();
  // `ALL` is what every request passes.
  for (const { method, path } of routes)
    if (method !== 'ALL')
      router.add('ALL', path, { path, methods: [method, ...(method === 'GET' ? ['HEAD'] : []), 'OPTIONS'] });
  return router;
}
