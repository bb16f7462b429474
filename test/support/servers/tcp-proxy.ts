import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to a chunk on its way: with `half`, the connection is reset in the middle of it. */
type Passing = 'pass' | 'half' | 'cut';

/** What is wrong with the network at the moment. */
type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'latency'; readonly ms: number }
  /** Connections stand, and nothing comes through any more. */
  | { readonly kind: 'half-open' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number };

export interface TcpProxy {
  readonly port: number;
  /** Where it leads to. */
  readonly target: number;
  /** Looks at each chunk from the server to the client before it is passed on. */
  onReply: (chunk: Buffer, connection: object) => Passing;
  /** Looks at each chunk from the client. */
  onRequest: (chunk: Buffer, connection: object) => void;
  /** Connections that were cut. */
  cuts: number;
  /** Chunks that a fault held up or swallowed. */
  hit: number;
  fault: Fault;
  /** Ends every connection, in order or by a reset. */
  endAll(how: 'cut' | 'reset'): void;
  close(): Promise<void>;
}

/** Stands between a client and a server, and loses, delays or swallows what passes when it is told to. */
export async function startProxy(target: number, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const proxy: TcpProxy = {
    port: 0,
    target,
    onReply: () => 'pass',
    onRequest: () => undefined,
    cuts: 0,
    hit: 0,
    fault: { kind: 'none' },
    endAll(how) {
      proxy.cuts += sockets.size / 2;
      for (const socket of sockets) how === 'reset' ? socket.resetAndDestroy() : socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      proxy.onRequest(chunk, client);
      forward(proxy, chunk, client, upstream);
    });
    upstream.on('data', (chunk) => {
      const passing = proxy.onReply(chunk, client);
      if (passing === 'pass') {
        forward(proxy, chunk, upstream, client);
        return;
      }
      proxy.cuts += 1;
      if (passing === 'cut') {
        client.destroy();
        upstream.destroy();
        return;
      }
      upstream.pause();
      // A reset overtakes what has not been read yet.
      client.write(chunk.subarray(0, chunk.length / 2), () => setTimeout(() => client.resetAndDestroy(), 50));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return Object.assign(proxy, { port: typeof address === 'object' && address !== null ? address.port : 0 });
}

/** When everything before has been written to a socket. */
const before = new WeakMap<Socket, Promise<void>>();

function forward(proxy: TcpProxy, chunk: Buffer, from: Socket, to: Socket): void {
  const { fault } = proxy;
  if (fault.kind !== 'none') proxy.hit += 1;
  if (fault.kind === 'half-open') return;
  // What is not delayed waits for what was: a connection brings its bytes in order or not at all.
  const delay = fault.kind === 'latency' ? sleep(fault.ms) : undefined;
  const sent = Promise.all([before.get(to), delay]).then(() => {
    to.write(chunk);
  });
  before.set(to, sent);
  if (fault.kind !== 'slow') return;
  from.pause();
  setTimeout(() => from.resume(), (1_000 * chunk.length) / fault.bytesPerSecond);
}

/** How often requests went out with an answer before them, and what came of it. */
export async function countTrips<T>(
  proxy: TcpProxy,
  ask: () => Promise<T>,
): Promise<{ readonly trips: number; readonly result: T }> {
  let trips = 0;
  let isAnswered = true;
  proxy.onRequest = () => {
    if (isAnswered) trips += 1;
    isAnswered = false;
  };
  proxy.onReply = () => {
    isAnswered = true;
    return 'pass';
  };
  return { result: await ask(), trips };
}
