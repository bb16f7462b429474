import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small shop that has pasted the snippet: pages for each item, a checkout, and `/app`, which loads but once. */
export interface SmallShop {
  readonly origin: string;
  close(): void;
}

const EARLY = 'window.cartpulse=window.cartpulse||function(){(cartpulse.q=cartpulse.q||[]).push(arguments)}';

/** @param api where cartpulse is, once that is known; @param attributes of the snippet, by what a page's query asks for */
export async function startSmallShop(api: () => string): Promise<SmallShop> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://shop');
    const attributes = searchParams.has('consent') ? 'data-consent="required"' : '';
    const script = `<script async src="${api()}/cartpulse.js" data-key="pk_shop" ${attributes}></script>`;
    const id = /^\/item\/(.+)$/.exec(pathname)?.[1];
    const item = JSON.stringify({ item_id: id, item_name: 'Tee', price: 9.5 });
    const view = id === undefined ? '' : `cartpulse('view_item', { items: [${item}] });`;
    const bought = searchParams.get('bought');
    const lines = [{ item_id: bought, price: 9.5, quantity: 2 }];
    const order = { currency: 'USD', value: 19, transaction_id: `t-${bought}`, items: lines };
    const layer = `window.dataLayer=[{ecommerce:null},${JSON.stringify({ event: 'purchase', ecommerce: order })}];`;
    const inline = `${EARLY};${view}${bought === null ? '' : layer}`;
    response.setHeader('Content-Type', 'text/html');
    response.end(`<!doctype html><title>Shop</title><script>${inline}</script>${script}<body>Shop</body>`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://shop.example:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
