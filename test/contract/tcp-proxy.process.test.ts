import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../docker/free-port.ts';
import { startProxy } from '../support/servers/tcp-proxy.ts';
import { eventually } from '../support/system/system.ts';

test('the proxy of the fault runs keeps the bytes of a connection in order when a delay ends', async () => {
  let received = '';
  const server = createServer((socket) =>
    socket.on('data', (chunk) => {
      received += chunk;
    }),
  );
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startProxy(port);
  const client = connect(proxy.port, '127.0.0.1');
  proxy.fault = { kind: 'latency', ms: 200 };
  client.write('first ');
  await eventually('the delay', () => proxy.hit === 1);
  proxy.fault = { kind: 'none' };
  client.write('second');
  await eventually('all', () => received.length === 'first second'.length);
  expect(received).toBe('first second');
  client.destroy();
  await proxy.close();
  server.close();
});
