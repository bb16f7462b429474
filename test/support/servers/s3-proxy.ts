import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What becomes of a request: it passes; the server is told and its answer is lost; or the server is never asked, because the line is cut, or
 * since it says that it has too much to do, knows no conditions, or that the keys have ended.
 */
type Passing = 'pass' | 'answer-lost' | 'cut' | keyof typeof REFUSALS;

const REFUSALS = {
  'slow-down': [503, 'SlowDown'],
  'no-conditions': [501, 'NotImplemented'],
  'keys-ended': [400, 'ExpiredToken'],
} as const;

export interface S3Proxy {
  readonly endpoint: string;
  /** Looks at each request. */
  passing: (method: string, path: string, request: IncomingMessage) => Passing;
  /** How long each request takes at least. */
  delayMs: number;
  /** The headers with which a request goes on. */
  headersOf: (request: IncomingMessage) => Promise<IncomingHttpHeaders>;
  /** Requests that did not just pass. */
  hit: number;
  /** Requests that came, as `PUT /bucket/…`. */
  readonly seen: string[];
  close(): Promise<void>;
}

/** Stands between a client and a server that speaks HTTP, whose signed host it leaves as it is. */
export async function startS3Proxy(target: number): Promise<S3Proxy> {
  const server = createServer((asked, answer) => void pass(asked, answer).catch(() => answer.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${port}`,
    passing: () => 'pass',
    delayMs: 0,
    headersOf: async ({ headers }) => headers,
    hit: 0,
    seen: [],
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };

  async function pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '' } = asked;
    proxy.seen.push(`${method} ${url}`);
    const passing = proxy.passing(method, url, asked);
    if (passing !== 'pass') proxy.hit += 1;
    if (proxy.delayMs > 0) await sleep(proxy.delayMs);
    if (passing === 'cut') {
      asked.socket.destroy();
      return;
    }
    if (passing !== 'pass' && passing !== 'answer-lost') {
      asked.resume();
      const [status, code] = REFUSALS[passing];
      answer.writeHead(status, { 'content-type': 'application/xml' });
      answer.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as was asked</Message></Error>`);
      return;
    }
    const options = { host: '127.0.0.1', port: target, method, path: url, headers: await proxy.headersOf(asked) };
    const upstream = request(options, (answered) => {
      if (passing === 'answer-lost') {
        answered.resume();
        answered.once('end', () => asked.socket.destroy());
        return;
      }
      answer.writeHead(answered.statusCode ?? 500, answered.headers);
      answered.pipe(answer);
    });
    upstream.on('error', () => asked.socket.destroy());
    asked.pipe(upstream);
  }
  return proxy;
}
