import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { type Key, SCOPES } from '../../keys/key.ts';
import type { KeyKeeper } from '../../keys/key-keeper.ts';
import type { KeyRing } from '../../keys/key-ring.ts';
import { keyInput, type NewKey } from '../../keys/new-key.ts';
import { bearerOf } from '../auth.ts';
import { answered, listPage, listQuery } from '../lists/list-page.ts';
import { type Clock, metaOfNow } from '../meta.ts';
import { badRequest, HttpProblem, notFound } from '../problems.ts';
import { json, problemResponses, queryOf } from '../schemas.ts';
import { wantsJson } from '../wants-json.ts';

const shown = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['secret', 'publishable']),
    scopes: z.array(z.enum(SCOPES)).readonly(),
    origins: z.array(z.string()).readonly(),
    source: z.enum(['made', 'settings']),
    created_at: z.string().optional(),
    expires_at: z.string().optional(),
    old_key_until: z.string().optional().openapi({ description: 'until when the key that it replaced works as well' }),
    requests_per_second: z.int().optional().openapi({ description: 'for each process that answers' }),
    requests_per_day: z.int().optional(),
    requests_today: z.int(),
  })
  .openapi('Key');
const made = shown.extend({ key: z.string().openapi({ description: 'shown this once' }) });

const common = { tags: ['keys'], security: [{ key: [] }] };
const idParam = z.object({ id: z.string().min(1).max(200) });
const rotateInput = z.strictObject({ keep_old_hours: z.number().min(0).max(168).default(24) });

const routes = {
  own: createRoute({
    method: 'get',
    path: '/v1/key',
    summary: 'What the key of this request may do',
    ...common,
    request: { query: queryOf({}) },
    responses: {
      200: {
        description: 'Its scopes: all of them for admins, and where no keys are set',
        content: answered(z.object({ scopes: z.array(z.enum(SCOPES)).readonly() })),
      },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  make: createRoute({
    method: 'post',
    path: '/v1/keys',
    summary: 'Make a key (admin)',
    ...common,
    middleware: wantsJson,
    request: { query: queryOf({}), body: { content: json(keyInput), required: true } },
    responses: {
      201: { description: 'The key, shown this once', content: answered(made) },
      ...problemResponses(400, 401, 403, 409, 413, 415, 503),
    },
  }),
  list: createRoute({
    method: 'get',
    path: '/v1/keys',
    summary: 'Keys, those of the settings included, without what lets in (admin)',
    ...common,
    request: { query: listQuery },
    responses: {
      200: { description: 'Keys', content: answered(z.array(shown)) },
      ...problemResponses(400, 401, 403, 503),
    },
  }),
  rotate: createRoute({
    method: 'post',
    path: '/v1/keys/{id}/rotate',
    summary: 'Replace a key; the old one works for some hours more (admin)',
    ...common,
    middleware: wantsJson,
    request: { params: idParam, query: queryOf({}), body: { content: json(rotateInput), required: false } },
    responses: {
      200: { description: 'The new key, shown this once', content: answered(made) },
      ...problemResponses(400, 401, 403, 404, 413, 415, 503),
    },
  }),
  revoke: createRoute({
    method: 'delete',
    path: '/v1/keys/{id}',
    summary: 'Revoke a key, within a second in every process (admin)',
    ...common,
    request: { params: idParam, query: queryOf({}) },
    responses: { 204: { description: 'Revoked' }, ...problemResponses(400, 401, 403, 404, 503) },
  }),
};

interface KeyParts {
  readonly keys: KeyRing;
  readonly keeper: KeyKeeper;
  readonly refreshKeys: () => Promise<void>;
}

const OF_SETTINGS = 'There is no such key that was made here; those of the settings are changed there';

export function keyRoutes({ keys, keeper, refreshKeys }: KeyParts, clock: Clock): OpenAPIHono {
  const app = new OpenAPIHono();
  const show = (key: Key) => toShown(key, keys, clock);
  const showOnce = async ({ key, secret }: NewKey) => {
    const meta = await metaOfNow(clock);
    await refreshKeys();
    return { data: { ...show(key), key: secret }, meta };
  };
  app.openapi(routes.own, async (context) => {
    const meta = await metaOfNow(clock);
    return context.json({ data: { scopes: keys.scopesOf(bearerOf(context)) }, meta }, 200);
  });
  app.openapi(routes.make, async (context) => {
    const outcome = await keeper.make(context.req.valid('json'));
    switch (outcome.outcome) {
      case 'made':
        return context.json(await showOnce(outcome), 201);
      case 'refused':
        throw badRequest(`${outcome.path}: ${outcome.message}`, [{ path: outcome.path, message: outcome.message }]);
      case 'too-many': {
        const detail = `There are ${outcome.most} keys already; revoke some first`;
        throw new HttpProblem({ code: 'too-many-keys', detail });
      }
    }
  });
  app.openapi(routes.list, async (context) => {
    await refreshKeys();
    const read = async () => keys.list().map(show);
    return context.json(await listPage('/v1/keys', context.req.valid('query'), clock, read, ({ id }) => id), 200);
  });
  app.openapi(routes.rotate, async (context) => {
    const { keep_old_hours: hours } = rotateInput.parse(context.req.valid('json') ?? {});
    const rotated = await keeper.rotate(context.req.valid('param').id, hours);
    if (rotated === undefined) throw notFound(OF_SETTINGS);
    return context.json(await showOnce(rotated), 200);
  });
  app.openapi(routes.revoke, async (context) => {
    if (!(await keeper.revoke(context.req.valid('param').id))) throw notFound(OF_SETTINGS);
    await refreshKeys();
    return context.body(null, 204);
  });
  return app;
}

function toShown(key: Key, ring: KeyRing, { calendar }: Clock): z.infer<typeof shown> {
  const { id, name, kind, scopes, origins, madeMs, expiresMs, previous, requestsPerSecond, requestsPerDay } = key;
  const at = (field: string, ms: number | undefined) => ms !== undefined && { [field]: calendar.format(ms) };
  return {
    ...{ id, name, kind, scopes, origins },
    source: madeMs === undefined ? 'settings' : 'made',
    ...at('created_at', madeMs),
    ...at('expires_at', expiresMs),
    ...at('old_key_until', previous?.untilMs),
    ...(requestsPerSecond !== undefined && { requests_per_second: requestsPerSecond }),
    ...(requestsPerDay !== undefined && { requests_per_day: requestsPerDay }),
    requests_today: ring.requestsToday(key),
  };
}
