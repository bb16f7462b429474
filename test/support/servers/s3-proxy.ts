import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What becomes of a request: it passes; the server is told and its answer is lost; or the server is never asked, because the line is cut, or
 * since it says that it has too much to do, or knows no conditions.
 */
type Passing = 'pass' | 'answer-lost' | 'cut' | 'slow-down' | 'no-conditions';

export interface S3Proxy {
  readonly endpoint: string;
  /** Looks at each request. */
  passing: (method: string, path: string, request: IncomingMessage) => Passing;
  /** How long each request takes at least. */
  delayMs: number;
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
    if (passing === 'slow-down' || passing === 'no-conditions') {
      asked.resume();
      const [status, code] = passing === 'slow-down' ? [503, 'SlowDown'] : [501, 'NotImplemented'];
      answer.writeHead(status, { 'content-type': 'application/xml' });
      answer.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as was asked</Message></Error>`);
      return;
    }
    const options = { host: '127.0.0.1', port: target, method, path: url, headers: asked.headers };
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
