import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { PERSON, startBrowser } from './browser.ts';

export interface Pages {
  /** Where the shop is. */
  readonly origin: string;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** A shop's server, whose pages are empty and long, and a browser that finds it. */
export async function openPages(host = 'shop.example', atPort = 0): Promise<Pages> {
  const server: Server = createServer((_, response) =>
    response
      .setHeader('Content-Type', 'text/html')
      .end('<!doctype html><title>Shop</title><body style="height: 300vh">Shop</body>'),
  );
  await once(server.listen(atPort, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const browser = await startBrowser(['--host-resolver-rules=MAP *.example 127.0.0.1', PERSON]);
  return {
    origin: `http://${host}:${port}`,
    browser,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A module, by its URL, as one script whose exports are `client` of the page. */
export async function bundled(module: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(module), formats: ['iife'], name: 'client' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const parts = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const [code] = parts.flatMap((one) => (one.type === 'chunk' ? [one.code] : []));
  if (code === undefined) throw new Error(`${module} could not be bundled`);
  return code;
}
