import { once } from 'node:events';
import type { Server } from 'node:http';
import { type Config, isLoopbackHost } from '../config.ts';
import { createHttpServer } from '../http/entry/server.ts';
import type { Logger } from '../runtime/logger.ts';
import { runSimulator } from '../simulator/run-simulator.ts';
import type { System } from './composition.ts';
import { type Role, simulatedEventsPerSecond } from './roles.ts';

/** A role at work. */
export interface RunningRole {
  /** What it does, in a few words for the line that says what runs where. */
  readonly summary: string;
  stop(): Promise<void>;
  /** Rejects when the role can't go on. */
  readonly failed?: Promise<never>;
}

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
    case 'simulate': {
      const rate = simulatedEventsPerSecond(config);
      const simulator = runSimulator(system.acceptor(), rate, Date.now() % 1_000_000, () => Date.now(), logger);
      return { summary: `simulating ${rate} events/s (SIMULATE=0 turns it off)`, stop: () => simulator.stop() };
    }
  }
}

/** Listens; each request is answered by the system that is current when it comes. */
export async function startApi(current: () => System, config: Config): Promise<RunningRole> {
  if (!current().keys().hasSecretKeys && !isLoopbackHost(config.HOST)) {
    throw new CannotListen(
      `no API keys are set, so listening on ${config.HOST} would let everyone in; set ADMIN_KEYS, WRITE_KEYS or READ_KEYS, make one (npm start -- keys make), or HOST=127.0.0.1`,
    );
  }
  current().app();
  const server = createHttpServer((request, env) => current().app().fetch(request, env));
  try {
    server.listen(config.PORT, config.HOST);
    await once(server, 'listening');
  } catch (error) {
    throw refusal(error, config);
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : config.PORT;
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST;
  const stop = (): Promise<void> => {
    current().closeStreams();
    return closeServer(server);
  };
  return { summary: `open http://${host}:${port}`, stop };
}

function refusal(error: unknown, config: Config): CannotListen {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const hint = code === 'EADDRINUSE' ? 'something else listens there; set PORT to another number' : 'set HOST and PORT';
  return new CannotListen(`cannot listen on ${config.HOST}:${config.PORT} (${code}): ${hint}`);
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
