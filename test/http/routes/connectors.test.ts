import { expect, test } from 'vitest';
import type { Connector, Mapped } from '../../../src/connectors/connector.ts';
import { hook } from '../../../src/connectors/hooks/hook.ts';
import { HttpProblem } from '../../../src/http/problems.ts';
import { connectorRoutes } from '../../../src/http/routes/connectors.ts';
import type { Submitted } from '../../../src/ingestion/acceptor.ts';

const PATH = '/v1/hooks/many';
const event: Mapped = { outcome: 'event', event: { name: 'page_view' } };

/** A connector that says how many things were sent, and counts how often it is asked for them. */
function way(sent: number) {
  const asked = { times: 0 };
  const connector: Connector = {
    name: 'many',
    endpoints: [{ method: 'post', path: PATH, summary: 'Send' }],
    keyOf: () => undefined,
    isKeyInBody: true,
    read: (_, key) => ({
      outcome: 'read',
      key,
      sent,
      mapped: () => {
        asked.times += 1;
        return Array.from({ length: sent }, () => event);
      },
    }),
    success: undefined,
  };
  return { connector, asked };
}

/** What becomes of a request to the connector alone, and how many events go to the log. */
async function post(connector: Connector, body: string) {
  const taken: Submitted[] = [];
  const app = connectorRoutes([connector], {
    acceptor: {
      waiting: 0,
      accept: async (events) => {
        taken.push(...events);
        return { accepted: events.length, rejected: [] };
      },
    },
    limits: { maxEvents: 3, maxBodyBytes: 1_000 },
    checkSender: (_, key) => {
      if (key !== 'wk') throw new HttpProblem({ code: 'unauthorized', detail: 'The API key is not known' });
    },
    senderOf: () => undefined,
    keys: { charge: () => undefined },
    hookSecrets: { SHOPIFY_SECRETS: [], WOOCOMMERCE_SECRETS: [], MEDUSA_SECRETS: [] },
    reportedThings: { known: async () => undefined, keep: async () => undefined, alone: (_, work) => work() },
    noting: {
      noted: { note: async () => undefined, last: async () => [] },
      now: () => 0,
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    },
  });
  app.onError((error, context) => context.text(error instanceof HttpProblem ? error.problem.code : 'internal', 400));
  const response = await app.request(PATH, { method: 'POST', body });
  return { refusal: response.ok ? undefined : await response.text(), taken: taken.length };
}

test('what may be sent goes to the log', async () => {
  const { connector, asked } = way(3);
  expect(await post(connector, 'wk')).toEqual({ refusal: undefined, taken: 3 });
  expect(asked.times).toBe(1);
});

test('nothing of a request is mapped whose sender may not send, though its body was read for the key', async () => {
  const { connector, asked } = way(3);
  expect(await post(connector, 'other')).toEqual({ refusal: 'unauthorized', taken: 0 });
  expect(asked.times).toBe(0);
});

test('nothing of a request is mapped that holds more than a request may', async () => {
  const { connector, asked } = way(4);
  expect(await post(connector, 'wk')).toEqual({ refusal: 'too-large', taken: 0 });
  expect(asked.times).toBe(0);
});

test('a hook reports one thing, of which there may be more events than a request may hold', async () => {
  const { read } = hook({
    way: 'many',
    summary: 'Take them',
    signature: { header: 'x-signature', setting: 'SHOPIFY_SECRETS' },
    mappedOf: () => Array.from({ length: 4 }, () => event),
  });
  const { connector } = way(0);
  expect(await post({ ...connector, keyOf: () => 'wk', read }, '{}')).toEqual({ refusal: undefined, taken: 4 });
});
