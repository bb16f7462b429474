import type { OpenAPIHono } from '@hono/zod-openapi';
import { accessOf, isKept } from '../entry/access.ts';
import { IDEMPOTENCY_KEY, isRepeatable } from '../entry/idempotency.ts';
import { REQUEST_ID } from '../entry/request-id.ts';
import { sendTagged, type Tagged, taggedText } from '../tagged-answers.ts';
import { addEventSchemas } from './event-schemas.ts';

const VERSION = '0.1.0';

type Document = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type PathItem = NonNullable<Document['paths']>[string];
type Operation = NonNullable<PathItem['get']>;
type Parameter = Extract<NonNullable<Operation['parameters']>[number], { name: string }>;

const METHODS = ['get', 'post', 'delete'] as const;

interface ParameterText {
  readonly description?: string;
  readonly example: string | number;
  /** What is parsed by more than a schema looks like this. */
  readonly pattern?: string;
}

/** A date; where hours are asked for, a moment with its offset. */
const MOMENT = '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2}))?$';

/** What the questions' own schemas leave unsaid, by the name of the parameter: a description, and a value to try. */
const PARAMETERS: Readonly<Record<string, ParameterText>> = {
  breakdown: { description: 'adds the same figures for each value of the dimension', example: 'city' },
  by: { description: 'what the rows are put in order by', example: '' },
  city: { example: 'Oslo' },
  country: { example: 'Norway' },
  device: { example: 'mobile' },
  channel: { example: 'Organic Search' },
  category: { example: 'Kitchen' },
  category2: { example: 'Mugs' },
  category3: { example: 'Large mugs' },
  category4: { example: 'Blue' },
  category5: { example: '(none)' },
  brand: { example: 'Fjell' },
  level: { example: 2 },
  source: { example: 'google' },
  campaign: { example: 'spring' },
  store: { example: 'north' },
  dimension: { description: 'a dimension of DIMENSIONS', example: 'channel' },
  compare: { example: 'previous' },
  currency: { example: 'USD' },
  cursor: { example: '' },
  force: { example: 'false' },
  format: { example: 'rees46' },
  from: { example: '2026-11-01', pattern: MOMENT },
  funnel: { description: 'the name of a funnel: shop, quick, or one of FUNNELS', example: 'shop' },
  id: { description: 'the id that the list gives', example: 'ep_1' },
  ids: { example: 'true' },
  interval: { example: 'hour' },
  item_id: { description: 'the id of an item, as events name it', example: 'sku-1' },
  key: { example: 'pk_shop' },
  limit: { description: 'at most this many rows', example: 10 },
  mode: {
    description: 'closed: sessions that came through every stage in order; open: users at each stage',
    example: 'closed',
  },
  order: { example: 'desc' },
  rank_by: { description: 'what cities are ranked by', example: 'revenue' },
  sort: { description: 'the column that rows are sorted by', example: 'revenue' },
  status: { description: 'which state a row is in', example: '' },
  threshold: { description: 'how many of an item count as low', example: 10 },
  to: { example: '2026-11-30', pattern: MOMENT },
  user_id: { description: 'the id of a user, as events name it', example: 'u1' },
  way: { example: 'shopify' },
};

const PROBLEM = {
  description: 'Any other refusal; its `type` leads to what it means and what to do',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const ID_HEADER = {
  description: 'the id of the request: that of its header where it is well-formed, else a new one',
  schema: { type: 'string' as const, minLength: 1, maxLength: 128 },
};

const header = (description: string, schema: { readonly type: 'string' | 'integer' } = { type: 'integer' }) => ({
  description,
  schema,
});
const RETRY_AFTER = { 'Retry-After': header('seconds after which it is worth another try') };
const LIMIT_HEADERS = {
  'RateLimit-Limit': header(
    'how much there may be at once, or in a day; of several limits that which is reached first',
  ),
  'RateLimit-Remaining': header('how much of it is left'),
  'RateLimit-Reset': header('seconds after which there is more'),
};
const KEPT_HEADERS = {
  ETag: header('names what the answer says, apart from its moments; for `If-None-Match`', { type: 'string' }),
  'Cache-Control': header('keep it, and ask each time whether it still stands', { type: 'string' }),
};
const NOT_MODIFIED = { description: 'What `If-None-Match` names still stands' };

const KEY_PARAMETER = {
  name: IDEMPOTENCY_KEY,
  in: 'header' as const,
  description: 'a new one for each request: repeats with the same key get the first answer, for a day',
  required: false,
  schema: { type: 'string' as const, minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  example: '6f1c7a52-5d0a-4a5e-9f57-0c1f6a1f2f10',
};

/** The OpenAPI document, made from the schemas that validate, at /openapi.json. */
export function addDocument(app: OpenAPIHono): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'a key of WRITE_KEYS, READ_KEYS or ADMIN_KEYS; none is needed where none is configured',
  });
  addEventSchemas(app);
  let document: Tagged | undefined;
  app.get('/openapi.json', (context) => {
    document ??= taggedText(
      JSON.stringify(
        finished(
          app.getOpenAPI31Document({
            openapi: '3.1.0',
            info: {
              title: 'cartpulse',
              version: VERSION,
              description: 'Exact live numbers of a shop, from one Redis. Kinds of problems: /problems.',
              license: { name: 'MIT' },
            },
            servers: [{ url: '/' }],
          }),
        ),
      ),
    );
    return sendTagged(context, document);
  });
}

/** What is the same for every operation is added here, so that no route has to say it. */
function finished(document: Document): Document {
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation !== undefined) finish(path, method, operation);
    }
  return document;
}

function finish(path: string, method: (typeof METHODS)[number], operation: Operation): void {
  operation.operationId = operationId(path, method);
  // What a key must allow; of ways in their connectors decide.
  const scope = method === 'get' ? accessOf('GET', path) : undefined;
  if (scope !== undefined) Object.assign(operation, { 'x-scope': scope });
  for (const parameter of operation.parameters ?? []) if ('name' in parameter) explain(parameter);
  if (method === 'post' && isRepeatable(path)) operation.parameters = [...(operation.parameters ?? []), KEY_PARAMETER];
  const isTagged =
    method === 'get' && isKept(path) && 'application/json' in (operation.responses?.[200]?.content ?? {});
  const responses = { ...operation.responses, ...(isTagged && { 304: NOT_MODIFIED }), default: PROBLEM };
  operation.responses = Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      { headers: { [REQUEST_ID]: ID_HEADER, ...headersOf(status, isTagged) }, ...response },
    ]),
  );
}

function headersOf(status: string, isTagged: boolean) {
  const isKeptNow = isTagged && (status === '200' || status === '304');
  return {
    ...(isKeptNow && KEPT_HEADERS),
    ...((status === '429' || status === '503') && RETRY_AFTER),
    ...((status === '202' || status === '429') && LIMIT_HEADERS),
  };
}

function explain(parameter: Parameter): void {
  const known = PARAMETERS[parameter.name];
  parameter.description ??= known?.description ?? parameter.name;
  const example = exampleOf(parameter) ?? (known?.example === '' ? firstChoice(parameter) : known?.example);
  if (example !== undefined) parameter.example = example;
  if (known?.pattern !== undefined) parameter.schema = { ...parameter.schema, pattern: known.pattern };
}

/** Its own, where the route has one. */
function exampleOf({ schema }: Parameter): unknown {
  return schema !== undefined && 'example' in schema ? schema.example : undefined;
}

function firstChoice({ schema }: Parameter): unknown {
  return schema !== undefined && 'enum' in schema ? schema.enum?.[0] : undefined;
}

/** `getProductsByItemId` of GET /v1/products/{item_id}. */
function operationId(path: string, method: string): string {
  const words = path
    .replace('/v1/', '/')
    .replaceAll(/\{(\w+)\}/g, 'by_$1')
    .split(/[/_-]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join('');
}
