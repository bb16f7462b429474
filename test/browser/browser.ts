import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { type Browser, chromium, type Page } from 'playwright-core';
import { BROWSERS } from '../../docker/provision.ts';
import type { Json, TestSystem } from '../support/system/system.ts';

/** @param args beside those that it always needs */
export async function startBrowser(args: readonly string[] = []): Promise<Browser> {
  const executablePath = BROWSERS.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('no chromium; run `npm test`, which provides one');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...args] });
}

export interface Served {
  readonly url: string;
  /** Ends every connection and stops listening, as a server that goes away. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
}

/** The real server in front of a system. */
export async function serveSystem({ system }: TestSystem): Promise<Served> {
  const { fetch } = system.app();
  let server: Server;
  let port = 0;
  const start = async (): Promise<void> => {
    server = serve({ fetch, hostname: '127.0.0.1', port }) as Server;
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    start,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the browser complained about: nothing, on a page that is right. */
export function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on('pageerror', (error) => found.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) found.push(message.text());
  });
  return found;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on the page as it is. */
export async function complaintsOfAxe(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: Json = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return found.violations.map((one: Json) => `${one.id}: ${one.nodes[0]?.html}`);
}

/** A person's browser: one without a head says that it is a bot, and bots are counted apart. */
export const PERSON =
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
