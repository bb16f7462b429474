import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** What happens to a chunk on its way. */
export type Passing = 'pass' | 'cut';

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
  close(): Promise<void>;
}

/** Stands between a client and a server, and loses replies when it is told to. */
export async function startProxy(target: number, port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const proxy: TcpProxy = {
    port: 0,
    target,
    onReply: () => 'pass',
    onRequest: () => undefined,
    cuts: 0,
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
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (proxy.onReply(chunk, client) === 'pass') {
        client.write(chunk);
        return;
      }
      proxy.cuts += 1;
      client.destroy();
      upstream.destroy();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return Object.assign(proxy, { port: typeof address === 'object' && address !== null ? address.port : 0 });
}
