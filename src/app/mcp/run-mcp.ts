import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { type Config, readConfig } from '../../config.ts';
import { createMcpServer } from '../../mcp/mcp-server.ts';
import { type ApiDocument, documentSchema } from '../../mcp/tools.ts';
import { hostUrl } from '../../runtime/host-url.ts';
import { reasonOf, untilSignal } from '../process.ts';

const TIMEOUT_MS = 60_000;
const HINT = 'start it, or name another with --url or MCP_URL';

/** No cartpulse is there to be asked. */
class NoServer extends Error {
  readonly code = 'no-server';
  readonly retryable = true;
}

/** `mcp`: speaks the Model Context Protocol on standard input and output, for a server that runs. Nothing else may be written there. */
export async function runMcp({ url }: { readonly url?: string | undefined }): Promise<void> {
  const config = readConfig();
  const base = url ?? config.MCP_URL ?? localUrl(config);
  const server = createMcpServer(await documentOf(base), (path) => ask(base, path, config.MCP_KEY));
  const transport = new StdioServerTransport();
  // An assistant ends what it has started by closing its input.
  const closed = new Promise<void>((resolve) => process.stdin.once('end', resolve).once('close', resolve));
  await server.connect(transport);
  await Promise.race([closed, untilSignal()]);
  await server.close();
}

function localUrl({ HOST, PORT }: Config): string {
  const host = ['0.0.0.0', '::'].includes(HOST) ? '127.0.0.1' : HOST;
  return hostUrl(host, PORT);
}

async function documentOf(base: string): Promise<ApiDocument> {
  const response = await ask(base, '/openapi.json', undefined);
  const document = documentSchema.safeParse(await response.json().catch(() => undefined));
  if (!document.success) throw new NoServer(`what answers at ${base} is no cartpulse: ${HINT}`);
  return document.data;
}

async function ask(base: string, path: string, key: string | undefined): Promise<Response> {
  const headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  // What is below a path of a proxy's is asked there.
  const url = `${base.replace(/\/$/, '')}${path}`;
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new NoServer(`no cartpulse answers at ${base} (${reasonOf(cause)}): ${HINT}`);
  }
}
