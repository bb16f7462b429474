import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { questions } from '../../src/analytics/index.ts';
import { validateEvent } from '../../src/events/validation/validate.ts';
import { arrivalAt } from '../support/traffic/arrival.ts';
import { appOf } from './app-parts.ts';

const GETS = [
  '/v1/abandonment',
  '/v1/abandonment/carts',
  '/v1/abandonment/items',
  '/v1/cities',
  '/v1/dead-letters',
  '/v1/engagement',
  '/v1/events/frequencies',
  '/v1/funnel',
  '/v1/inventory',
  '/v1/inventory/{item_id}/price-impact',
  '/v1/leaderboard',
  '/v1/live',
  '/v1/payments',
  '/v1/pipeline',
  '/v1/products',
  '/v1/products/popular',
  '/v1/products/{item_id}',
  '/v1/revenue',
  '/v1/searches',
  '/v1/sessions',
  '/v1/users/{user_id}/interactions',
  '/v1/webhooks',
  '/v1/webhooks/deliveries',
];

/** What is for people and browsers. */
const NOT_DOCUMENTED = /^GET \/($|docs|problems|openapi\.json$|favicon\.svg$|assets\/|cartpulse\.js$)/;

const app = appOf(questions);
const inDocument = app.openAPIRegistry.definitions.flatMap((definition) =>
  definition.type === 'route' ? [`${definition.route.method.toUpperCase()} ${definition.route.path}`] : [],
);

test('every GET of the contract is in the OpenAPI document once', () => {
  for (const path of GETS) expect(inDocument.filter((one) => one === `GET ${path}`)).toEqual([`GET ${path}`]);
  expect(new Set(inDocument).size).toBe(inDocument.length);
});

test('every route is in the OpenAPI document, except docs, problems, page and snippet', () => {
  const served = new Set(
    app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  expect([...served].filter((route) => !NOT_DOCUMENTED.test(route)).sort()).toEqual([...inDocument].sort());
});

test('the document says what each event of a stream holds', async () => {
  const document = z.looseObject({ paths: z.record(z.string(), z.unknown()) }).parse(await documentOf());
  expect(document.paths['/v1/live']).toMatchObject({
    get: {
      responses: {
        200: {
          content: {
            'text/event-stream': {
              schema: {
                properties: {
                  event: { enum: ['snapshot'] },
                  data: {
                    allOf: [
                      { properties: { at: { type: 'string' }, as_of: { type: 'string' } } },
                      { properties: { active_users: { type: 'integer' }, currency: { type: 'string' } } },
                    ],
                  },
                },
              },
            },
          },
        },
      },
    },
  });
});

type Json = ReturnType<typeof JSON.parse>;

let made: Promise<string> | undefined;
const documentOf = async (): Promise<Json> => {
  made ??= (async () => (await app.request('/openapi.json')).text())();
  return JSON.parse(await made);
};

test('the document is one of OpenAPI 3.1', async () => {
  const validator = new Validator();
  expect(await validator.validate(await documentOf())).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
});

test('every example is what its schema asks for', async () => {
  const document = await documentOf();
  const ajv = new Ajv2020({ strict: false, formats: fullFormats });
  ajv.addSchema({ $id: 'openapi', components: document.components });
  const wrong: string[] = [];
  const seen = new Set<string>();
  const look = (node: Json, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const schema = node.schema ?? node;
    if (node.example !== undefined && path.match(/\/(example|properties)$/) === null) {
      const text = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
      const isNew = !seen.has(text + JSON.stringify(node.example));
      seen.add(text + JSON.stringify(node.example));
      const whole = JSON.parse(text);
      if (isNew && !ajv.validate(whole, node.example)) wrong.push(`${path}: ${ajv.errorsText()}`);
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'example') look(value, `${path}/${key}`);
  };
  look(document, '');
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(50);
});

test('every success of the API is an answer with `data` and `meta`, apart from what is counted and from files', async () => {
  const { paths } = await documentOf();
  const bare: string[] = [];
  for (const [path, item] of Object.entries<Json>(paths))
    for (const [method, { tags, responses }] of Object.entries<Json>(item))
      for (const [status, { content }] of Object.entries<Json>(responses)) {
        const schema = content?.['application/json']?.schema;
        if (!status.startsWith('2') || schema === undefined || tags.includes('write')) continue;
        if (schema.properties?.meta === undefined) bare.push(`${method} ${path}`);
      }
  // A protocol of its own answers at the last.
  expect(bare).toEqual(['get /health/live', 'get /health/ready', 'post /mcp']);
});

test('every operation has a name of its own, a summary, and says how it refuses', async () => {
  const { paths } = await documentOf();
  const names: string[] = [];
  for (const [path, item] of Object.entries<Json>(paths))
    for (const [method, operation] of Object.entries<Json>(item)) {
      names.push(operation.operationId);
      expect([method, path, operation.summary]).toEqual([method, path, expect.stringMatching(/\w/)]);
      expect(operation.responses.default.content).toHaveProperty(['application/problem+json']);
      for (const response of Object.values<Json>(operation.responses))
        expect(response.headers).toHaveProperty(['X-Request-Id']);
    }
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining(['getFunnel', 'postEvents', 'getProductsByItemId', 'getHealthLive', 'getMetrics']),
  );
});

test('every parameter has a description and an example', async () => {
  const { paths } = await documentOf();
  for (const [path, item] of Object.entries<Json>(paths))
    for (const operation of Object.values<Json>(item))
      for (const { name, description, example } of operation.parameters ?? []) {
        expect([path, name, description]).toEqual([path, name, expect.stringMatching(/\w+ \w+/)]);
        if (name !== 'cursor') expect([path, name, example]).not.toEqual([path, name, undefined]);
      }
});

test('what an event needs depends on its name: as the document says, so it is decided', async () => {
  const { components } = await documentOf();
  const readable = JSON.parse(JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
  const documented = z.fromJSONSchema({ ...readable.Event, $defs: readable });
  const by = { user_id: 'u1', items: [{ item_id: 'i1', price: 2 }] };
  const events: [boolean, Json][] = [
    [true, { name: 'view_item', ...by }],
    [true, { name: 'purchase', transaction_id: 't1', ...by }],
    [false, { name: 'purchase', ...by }],
    [false, { name: 'refund', ...by }],
    [true, { name: 'stock_update', item_id: 'i1', stock_level: 3 }],
    [false, { name: 'stock_update', user_id: 'u1' }],
    [true, { name: 'price_change', item_id: 'i1', price: 3 }],
    [true, { event: 'add_to_cart', user_id: 'u1', ecommerce: { currency: 'USD', items: by.items } }],
    [false, { name: 'view_item' }],
    [false, { name: 'No' }],
  ];
  for (const [isGood, event] of events) {
    expect([event, documented.safeParse(event).success]).toEqual([event, isGood]);
    expect([event, validateEvent(event, arrivalAt(Date.now())).outcome]).toEqual([
      event,
      isGood ? 'valid' : 'rejected',
    ]);
  }
});

test('the events that the documentation offers to try are accepted as they are', async () => {
  const { paths } = z
    .object({
      paths: z.object({
        '/v1/events': z.object({
          post: z.object({
            requestBody: z.object({
              content: z.object({ 'application/json': z.object({ example: z.array(z.unknown()).min(3) }) }),
            }),
          }),
        }),
      }),
    })
    .parse(await documentOf());
  for (const event of paths['/v1/events'].post.requestBody.content['application/json'].example)
    expect(validateEvent(event, arrivalAt(Date.now()))).toMatchObject({ outcome: 'valid' });
});
