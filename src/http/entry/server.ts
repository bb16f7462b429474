import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { PROBLEM_TYPES, type ProblemCode } from '../problem-types.ts';
import { PROBLEM_JSON, problemText } from '../problems.ts';
import { REQUEST_ID, requestIdFrom } from './request-id.ts';

type Fetch = Parameters<typeof getRequestListener>[0];

export interface ConnectionLimits {
  /** Longer than the 60 seconds for which balancers hold connections, so that none meets one that is just closing. */
  readonly keepAliveMs: number;
  /** For a request to come whole; an import takes as long as so many bytes come within each. */
  readonly slowMs: number;
  readonly leastImportBytes: number;
  readonly checkEveryMs: number;
}

const LIMITS: ConnectionLimits = { keepAliveMs: 65_000, slowMs: 30_000, leastImportBytes: 16_384, checkEveryMs: 5_000 };

/** A server whose every refusal is a problem document, also those that Node gives before a request reaches the app. */
export function createHttpServer(fetch: Fetch, limits: ConnectionLimits = LIMITS): Server {
  // Requests of HTTP/1.0 need not say whom they mean.
  const answer = getRequestListener(fetch, { hostname: 'localhost', errorHandler: refusalOf });
  const server = createServer(
    {
      keepAliveTimeout: limits.keepAliveMs,
      headersTimeout: limits.slowMs,
      // Of bodies each is watched by itself: an import may take its time.
      requestTimeout: 0,
      connectionsCheckingInterval: limits.checkEveryMs,
      // Node would refuse it without a word.
      requireHostHeader: false,
    },
    (incoming, outgoing) => {
      if (incoming.headers.host === undefined && incoming.httpVersion !== '1.0') {
        refuse(incoming, outgoing, 'bad-request', 'The header Host is missing');
        return;
      }
      if (hasBody(incoming)) watchBody(incoming, outgoing, limits);
      void answer(incoming, outgoing);
    },
  );
  server.on('clientError', refuseBroken);
  server.on('checkExpectation', (incoming: IncomingMessage, outgoing: ServerResponse) =>
    refuse(incoming, outgoing, 'unknown-expectation', 'Expect may say 100-continue and nothing else'),
  );
  server.on('connect', (_: IncomingMessage, socket: Duplex) =>
    endWith(socket, 'bad-request', 'This is no proxy: CONNECT is not taken'),
  );
  return server;
}

function refusalOf(error: unknown): Response {
  const [code, detail]: [ProblemCode, string] =
    error instanceof RequestError
      ? ['bad-request', `The request line or the header Host is not valid: ${error.message}`]
      : ['internal', 'The request could not be answered'];
  const requestId = requestIdFrom(undefined);
  const headers = { 'Content-Type': PROBLEM_JSON, [REQUEST_ID]: requestId };
  return new Response(problemText({ code, detail }, requestId), { status: PROBLEM_TYPES[code].status, headers });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Cuts a body that comes too slowly; who waits for the answer has as long as it takes. */
function watchBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { slowMs, leastImportBytes }: ConnectionLimits,
): void {
  const isImport = incoming.url?.startsWith('/v1/imports/') === true;
  let seenBytes = 0;
  const look = (): void => {
    if (incoming.complete) return;
    const comes = incoming.socket.bytesRead >= seenBytes + leastImportBytes;
    seenBytes = incoming.socket.bytesRead;
    if (isImport && comes) timer.refresh();
    else if (outgoing.headersSent) incoming.destroy();
    // Past the response, which the app may still be about to write.
    else endWith(incoming.socket, 'too-slow', 'The body did not come in time');
  };
  const timer = setTimeout(look, slowMs);
  const done = (): void => clearTimeout(timer);
  incoming.once('end', done).once('close', done);
}

/** Answers, and closes the connection: what would follow on it is the rest of this request. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, code: ProblemCode, detail: string): void {
  const requestId = requestIdFrom(incoming.headers['x-request-id']?.toString());
  outgoing.writeHead(PROBLEM_TYPES[code].status, {
    'Content-Type': PROBLEM_JSON,
    Connection: 'close',
    [REQUEST_ID]: requestId,
  });
  outgoing.end(problemText({ code, detail }, requestId), () => incoming.destroy());
}

/** What Node's parser gives up on never becomes a request. */
function refuseBroken(error: Error & { code?: string }, socket: Duplex): void {
  switch (error.code) {
    case 'ECONNRESET':
      socket.destroy();
      return;
    case 'HPE_HEADER_OVERFLOW':
      endWith(socket, 'header-too-large', 'Path and header fields together have more than 16 KiB');
      return;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      endWith(socket, 'too-large', 'The extensions of a chunk of the body are too large');
      return;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      endWith(socket, 'too-slow', 'The header of the request did not come in time');
      return;
    default:
      endWith(socket, 'bad-request', 'This is no request of HTTP/1.1');
  }
}

function endWith(socket: Duplex, code: ProblemCode, detail: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status } = PROBLEM_TYPES[code];
  const requestId = requestIdFrom(undefined);
  const body = problemText({ code, detail }, requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_JSON}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID}: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
