import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Config, isLoopbackHost } from '../config.ts';
import { createHttpServer } from '../http/entry/server.ts';
import { measureRequests } from '../http/operations/measure-requests.ts';
import { hostUrl } from '../runtime/host-url.ts';
import type { Logger } from '../runtime/logger.ts';
import type { System } from './composition.ts';
import { startSimulatedShop } from './demo/simulated-shop.ts';
import { MAKE_FIRST } from './keys/manage-keys.ts';
import type { Role, RunningRole } from './roles.ts';

/** The API can't listen. */
class CannotListen extends Error {
  readonly code = 'cannot-listen';
  readonly retryable = false;
}

/** How long clients may keep their connections when the API stops. */
const LINGER_MS = 5_000;

export async function startRole(
  role: Exclude<Role, 'api'>,
  system: System,
  config: Config,
  logger: Logger,
): Promise<RunningRole> {
  switch (role) {
    case 'consume': {
      const consumption = await system.log.consume(system.worker());
      return { summary: 'counting events', stop: () => consumption.stop(), failed: consumption.failed };
    }
    case 'rollup': {
      const jobs = await system.startRollups();
      return { summary: 'rolling up hours and days', stop: () => jobs.stop() };
    }
    case 'archive': {
      const { archive } = system;
      if (archive === undefined) throw new Error('the system was composed without an archive');
      await archive.start();
      return { summary: 'archiving every event', stop: () => archive.stop() };
    }
    case 'simulate':
      return startSimulatedShop(system, config, logger);
  }
}

/** Listens; each request is answered by the system that is current when it comes. */
export async function startApi(current: () => System, config: Config): Promise<RunningRole> {
  if (!current().keys().hasSecretKeys && !isLoopbackHost(config.HOST)) {
    throw new CannotListen(
      `no API keys are set, so listening on ${config.HOST} would let everyone in; set ADMIN_KEYS, WRITE_KEYS or READ_KEYS, make one (${MAKE_FIRST}), or HOST=127.0.0.1`,
    );
  }
  current().app();
  const server = createHttpServer((request, env) => current().app().fetch(request, env));
  measureRequests(
    server,
    () => current().measures,
    () => current().app().routes,
  );
  const url = await listen(server, config, 'PORT', config.PORT);
  const stop = (): Promise<void> => {
    current().closeStreams();
    return closeServer(server);
  };
  return { summary: `open ${url}`, stop };
}

/** Health and metrics of this process, whatever its roles, where METRICS_PORT says so. */
export async function startOperations(
  current: () => System,
  config: Config,
  isApi: boolean,
): Promise<RunningRole | undefined> {
  if (config.METRICS_PORT === undefined) return undefined;
  const server = createHttpServer((request, env) => current().operations(isApi).fetch(request, env));
  const url = await listen(server, config, 'METRICS_PORT', config.METRICS_PORT);
  return { summary: `health and metrics at ${url}`, stop: () => closeServer(server) };
}

/** @returns the URL that it answers at */
async function listen(
  server: Server,
  { HOST }: Config,
  setting: 'PORT' | 'METRICS_PORT',
  port: number,
): Promise<string> {
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const isTaken = code === 'EADDRINUSE';
    const hint = isTaken ? `something else listens there; set ${setting} to another number` : `set HOST and ${setting}`;
    throw new CannotListen(`cannot listen on ${HOST}:${port} (${code}): ${hint}`);
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return hostUrl(HOST, bound);
}

/** Requests under way are answered; connections that stay open all the same are cut after a while. */
async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => {
    server.close(() => done());
  });
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), LINGER_MS);
  await closed;
  clearTimeout(cut);
}
