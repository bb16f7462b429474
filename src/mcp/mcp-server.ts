import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, type CallToolResult, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { type ApiDocument, requestOf, type Tool, toolsOf } from './tools.ts';

/** Asks the API, with the key of whoever asks. */
export type Ask = (path: string) => Promise<Response>;

/** More would fill what an assistant can keep in mind. */
const MOST_CHARACTERS = 100_000;

const INSTRUCTIONS = `The live numbers of an online shop, exact to the last event unless meta.approximate names a field.
from and to are dates in the store's time zone, both included (2026-11-20), or date-times on whole hours; without them it is today.
Ratios are 0 to 1, percent_* 0 to 100; money is in the store's currency, or the one that currency= names.
Lists take limit and go on with meta.next_cursor as cursor. compare=previous adds the period before.
pipeline says whether all that has arrived is counted.`;

/** The Model Context Protocol's side of the API: every question a tool, whose result is the answer as JSON. */
export function createMcpServer(document: ApiDocument, ask: Ask): Server {
  const tools = toolsOf(document);
  const server = new Server(
    { name: 'cartpulse', version: document.info.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      inputSchema,
      annotations: { readOnlyHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params: { name, arguments: given = {} } }) => {
    const tool = tools.find((one) => one.name === name);
    return tool === undefined ? failed(`There is no tool ${name}`) : call(tool, given, ask);
  });
  return server;
}

async function call(tool: Tool, given: Readonly<Record<string, unknown>>, ask: Ask): Promise<CallToolResult> {
  const request = requestOf(tool, given);
  if (request.outcome === 'wrong') return failed(request.message);
  const response = await ask(request.path);
  const text = await response.text();
  if (!response.ok) return failed(refusalOf(response.status, text));
  if (text.length > MOST_CHARACTERS)
    return failed(
      `The answer has ${text.length} characters, of which ${MOST_CHARACTERS} are given at a time: ask for a shorter period, a smaller limit, or a longer interval`,
    );
  return { content: [{ type: 'text', text }] };
}

const problemSchema = z.object({ detail: z.string() });

function refusalOf(status: number, text: string): string {
  try {
    return problemSchema.parse(JSON.parse(text)).detail;
  } catch {
    return `cartpulse answered ${status}`;
  }
}

const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true });
