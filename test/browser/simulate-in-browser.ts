import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { provision } from '../../docker/provision.ts';
import { openPages } from './shop-pages.ts';
import { simulatedPages } from './simulated-pages.ts';

/** `npm run simulate:browser -- --url … --key … --rate … --port …`: the simulated shop in a real browser, until Ctrl-C. */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    key: { type: 'string' },
    rate: { type: 'string', default: '5' },
    port: { type: 'string', default: '8080' },
  },
});
const { url, key, rate, port } = values;
await provision(['chromium']);
const pages = await openPages('localhost', Number(port));
const shop = await simulatedPages(pages, { url, key, seed: Date.now() % 1_000_000 });
process.stderr.write(`${rate} events a second from pages of ${pages.origin} to ${url}; Ctrl-C ends it\n`);
let isOver = false;
process.once('SIGINT', () => {
  isOver = true;
});
let sent = 0;
while (!isOver) {
  sent += (await shop.send(Number(rate))).length;
  await sleep(1_000);
}
await pages.close();
process.stderr.write(`${sent} events\n`);
