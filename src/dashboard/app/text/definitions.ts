import { said } from '../words/said.ts';

/** What each number counts, as docs/rules.md has it, by the name of its figure. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  revenue: said('What the orders of the period came to, in the currency that is shown; refunds are counted apart.'),
  revenue_today: said('What the orders of today came to, in the store’s currency; refunds are counted apart.'),
  orders: said('Orders of the period in all currencies. An order that is reported twice counts once.'),
  orders_today: said('Orders of today in all currencies. An order that is reported twice counts once.'),
  average: said('Revenue divided by the orders in its currency.'),
  average_order_value: said('Revenue divided by the orders in its currency.'),
  refunds: said('What was given back, in the hour in which it was, not in that of the order.'),
  conversion: said(
    'The share of visits that went all the way: looked at a product, put one into the cart, went to the checkout and bought, in this order.',
  ),
  sessions: said('Visits, by the time in which they began. One ends after half an hour without a sign of the visitor.'),
  open_carts: said('What lies now in carts that were neither bought, emptied nor left, in the store’s currency.'),
  active_users: said('Visitors who did anything in the last five minutes.'),
  events_per_second: said('Everything that visitors do and stock changes, counted as it comes.'),
  abandonment_rate: said(
    'The share of the carts opened in the period that were left: no sign of the visitor for an hour. Carts that are still open count as carts, so the rate of today grows until their hour is over.',
  ),
  abandoned: said('Carts opened in the period that were left, also where they were bought later.'),
  abandoned_value: said('What was in the carts when they were left.'),
  recovered_value: said('What was in carts that were left, and bought within seven days after all.'),
  new_users: said('Visitors who were seen for the first time.'),
  returning_users: said('Visitors who had been seen before.'),
  bounce_rate: said('The share of visits that looked at one page and did nothing else.'),
  session_length: said('From the first to the last thing that a visit did.'),
  left_at: said('Carts that were left before the checkout was begun, and those that were left behind it.'),
  median_recovery: said('Of the carts that were left and bought after all, half were bought within this time.'),
  age_p50: said(
    'How far the numbers were behind the events over the last minute: half of the time no further than this.',
  ),
  age_p99: said(
    'How far the numbers were behind the events over the last minute: nearly always, 99 % of the time, no further than this.',
  ),
  counted_per_second: said('Events that were counted in a second, on average of the last ten.'),
  carts_waiting: said(
    'Messages that a cart was left or came back, for webhooks and other systems, which are made and not yet sent.',
  ),
  lag: said('Events that came in and are not counted yet.'),
  missing: said('Events that the log had forgotten before they were counted.'),
  rejected: said('Events that could not be counted; the dead letters say why.'),
  duplicates: said('Events that came again, and were counted once.'),
};

export const definitionOf = (name: string): string | undefined => DEFINITIONS[name];
