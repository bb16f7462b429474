/** Parameters of a request, and the fields of the event that they are; `ep.…` and `epn.…` have the names of our own fields. */
export const PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['en', 'name'],
  ['uid', 'user_id'],
  ['cid', 'anonymous_id'],
  ['sid', 'session_id'],
  ['cu', 'currency'],
  ['dl', 'page_location'],
  ['dr', 'page_referrer'],
  ['cs', 'utm_source'],
  ['cm', 'utm_medium'],
  ['cn', 'utm_campaign'],
  ['ck', 'utm_term'],
  ['cc', 'utm_content'],
  ['ci', 'utm_id'],
]);

/** The two letters before each value of `pr1`, `pr2` … */
export const OF_ITEM: ReadonlyMap<string, string> = new Map([
  ['id', 'item_id'],
  ['nm', 'item_name'],
  ['br', 'item_brand'],
  ['ca', 'item_category'],
  ['c2', 'item_category2'],
  ['c3', 'item_category3'],
  ['c4', 'item_category4'],
  ['c5', 'item_category5'],
  ['va', 'item_variant'],
  ['ln', 'item_list_name'],
  ['cp', 'coupon'],
  ['pr', 'price'],
  ['ds', 'discount'],
  ['qt', 'quantity'],
]);

/** Fields of an item that GA4 has no letters for, so that they come as the shop's own. */
export const OWN_OF_ITEM = ['item_url', 'image_url'] as const;

/** All is text in an address; these are numbers. An id of digits stays the text that it is. */
export const NUMBERS: ReadonlySet<string> = new Set([
  'value',
  'shipping',
  'tax',
  'discount',
  'results_count',
  'price',
  'quantity',
]);

/** gtag sends them by itself, whatever the visitor does; counted, no visit would be a bounce. */
export const UNCOUNTED: ReadonlySet<unknown> = new Set(['user_engagement', 'session_start', 'first_visit']);
