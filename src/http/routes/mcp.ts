import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type Ask, createMcpServer } from '../../mcp/mcp-server.ts';
import { type ApiDocument, documentSchema } from '../../mcp/tools.ts';
import { badRequest } from '../problems.ts';
import { json, problemResponses } from '../schemas.ts';
import { bodyText } from '../sending/accepting.ts';

/** A message names a tool and its parameters. */
const MAX_BODY_BYTES = 65_536;

/** A message of the Model Context Protocol; the protocol's own library looks into it. */
const message = z.looseObject({ jsonrpc: z.literal('2.0') }).openapi('McpMessage');

const mcpRoute = createRoute({
  method: 'post',
  path: '/mcp',
  summary: 'The questions as tools of the Model Context Protocol (streamable HTTP, without sessions)',
  description: 'See docs/connect/mcp.md.',
  tags: ['operations'],
  security: [{ key: [] }],
  request: { body: { content: json(message) } },
  responses: {
    200: { description: 'The answer of the protocol', content: json(message) },
    202: { description: 'Taken; there is nothing to answer' },
    406: { description: 'Accept must name application/json and text/event-stream', content: json(message) },
    ...problemResponses(400, 401, 403, 413, 415),
  },
});

/** @param ask another path of the same app, with these headers */
export function mcpRoutes(ask: (path: string, headers: Record<string, string>) => Promise<Response>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openAPIRegistry.registerPath(mcpRoute);
  let document: Promise<ApiDocument> | undefined;
  app.post('/mcp', async (context) => {
    const body: unknown = parsed(await bodyText(context, MAX_BODY_BYTES));
    if (Array.isArray(body)) throw badRequest('One message at a time is taken');
    document ??= ask('/openapi.json', {}).then(async (response) => documentSchema.parse(await response.json()));
    const authorization = context.req.header('Authorization');
    const asCaller: Ask = (path) => ask(path, authorization === undefined ? {} : { authorization });
    const server = createMcpServer(await document, asCaller);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    try {
      return await transport.handleRequest(context.req.raw, { parsedBody: body });
    } finally {
      await server.close();
    }
  });
  return app;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('The body is not JSON');
  }
}
