import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from '../../../src/http/entry/server.ts';
import { zoneAtNoon } from '../core/zone-at-noon.ts';
import { startSystem, type TestSystem } from './system.ts';

export interface Listening {
  readonly system: TestSystem;
  readonly url: string;
  stop(): Promise<void>;
}

/** A system that counts, with a key of each kind, behind the real server. */
export async function listeningSystem(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  const system = await startSystem(redisUrl, {
    WRITE_KEYS: 'wk',
    ADMIN_KEYS: 'ak',
    PUBLIC_KEYS: 'pk_shop@https://shop.example',
    STORE_TIMEZONE: zoneAtNoon(),
    ...environment,
  });
  await system.startCounting();
  const { fetch } = system.system.app();
  const server: Server = createHttpServer((request, env) => fetch(request, env));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    system,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await system.close();
    },
  };
}
