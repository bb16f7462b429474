import { said } from '../../words/said.ts';

interface Way {
  readonly name: string;
  readonly how: string;
  readonly code: string;
}

/** As bots call themselves curl, which are counted apart. */
const AGENT = 'Mozilla/5.0 (by hand)';

/** Three ways in, with the server's address and the shop's own key filled in. */
export function waysOf(server: string, origin: string, key: string): readonly Way[] {
  return [
    {
      name: said('Snippet'),
      how: said(
        'Into the head of every page. Page views, and what the data layer says of carts and orders, come by themselves.',
      ),
      code: `<script>window.cartpulse=window.cartpulse||function(){(cartpulse.q=cartpulse.q||[]).push(arguments)}</script>
<script async src="${server}/cartpulse.js" data-key="${key}"></script>`,
    },
    {
      name: said('Google tag'),
      how: [
        said(
          'Where GA4’s e-commerce events are sent already: in the tag, or in Tag Manager under its configuration settings.',
        ),
        new URL(server).port === ''
          ? ''
          : said('gtag leaves out the port of this address: it needs one without, such as https://cartpulse.example.'),
      ].join(' '),
      code: `gtag('config', 'G-XXXXXXX', { server_container_url: '${server}', cartpulse_key: '${key}' });`,
    },
    {
      name: said('By hand'),
      how: said('One event from a terminal, sent as a page sends it, to see it arrive.'),
      code: `curl -A '${AGENT}' -H 'Origin: ${origin}' -H 'Content-Type: text/plain' '${server}/v1/events?key=${key}' \\
  -d '{"name": "add_to_cart", "user_id": "me", "items": [{"item_id": "sku-1", "item_name": "Mug", "price": 9.5}]}'`,
    },
  ];
}
