/** Hooks of a made-up shop, in the shapes that Shopify, WooCommerce and Medusa document. */

const MINUTE_MS = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
/** As WooCommerce writes moments of UTC. */
const gmt = (minutes: number): string => ago(minutes).slice(0, 19);

const shopifyLine = (sku: string, price: string, quantity: number) => ({
  id: 7_001,
  product_id: 801,
  variant_id: 9_001,
  sku,
  title: 'Tee',
  variant_title: 'M',
  vendor: 'Plain',
  price,
  quantity,
});

export const shopifyOrder = (id: number, more: object = {}) => ({
  id,
  name: `#${id}`,
  test: false,
  created_at: ago(10),
  updated_at: ago(9),
  cancelled_at: null,
  currency: 'USD',
  subtotal_price: '39.80',
  total_price: '48.80',
  total_tax: '4.00',
  total_discounts: '0.00',
  total_shipping_price_set: { shop_money: { amount: '5.00', currency_code: 'USD' } },
  discount_codes: [],
  payment_gateway_names: ['card'],
  note_attributes: [{ name: 'cartpulse_id', value: `v-${id}` }],
  cart_token: `cart-${id}`,
  customer: { id: 115_310_627 },
  shipping_address: { city: 'Oslo', country_code: 'NO' },
  line_items: [shopifyLine('tee-m', '19.90', 2)],
  refunds: [],
  ...more,
});

export const shopifyRefund = (id: number, quantity: number, amount: string) => ({
  id,
  created_at: ago(3),
  refund_line_items: [{ quantity, subtotal: 19.9 * quantity, line_item: shopifyLine('tee-m', '19.90', 2) }],
  transactions: [{ amount, kind: 'refund', status: 'success' }],
  order_adjustments: [],
});

export const shopifyCart = (token: string, minutes: number, quantities: Record<string, number>) => ({
  id: token,
  token,
  line_items: Object.entries(quantities).map(([sku, quantity]) => shopifyLine(sku, '19.90', quantity)),
  note: null,
  updated_at: ago(minutes),
  created_at: ago(30),
});

export const shopifyProduct = (sku: string, level: number, price: string) => ({
  id: 801,
  title: 'Tee',
  updated_at: ago(1),
  variants: [{ id: 9_001, sku, price, inventory_quantity: level, inventory_management: 'shopify', updated_at: ago(1) }],
});

export const wooOrder = (id: number, more: object = {}) => ({
  id,
  number: String(id),
  status: 'processing',
  currency: 'USD',
  date_created_gmt: gmt(10),
  date_modified_gmt: gmt(9),
  total: '44.80',
  total_tax: '0.00',
  shipping_total: '5.00',
  discount_total: '0.00',
  customer_id: 26,
  billing: { city: 'Bergen', country: 'NO', email: 'buyer@shop.example' },
  shipping: { city: '', country: '' },
  payment_method: 'card',
  meta_data: [{ id: 1, key: '_cartpulse_id', value: `v-${id}` }],
  line_items: [
    { id: 1, name: 'Mug', product_id: 93, variation_id: 0, quantity: 2, total: '39.80', price: 19.9, sku: '' },
  ],
  coupon_lines: [],
  refunds: [],
  ...more,
});

export const wooProduct = (id: number, level: number | null) => ({
  id,
  sku: '',
  price: '19.90',
  stock_quantity: level,
  date_modified_gmt: gmt(1),
});

export const medusaOrder = (id: string, more: object = {}) => ({
  id,
  status: 'pending',
  created_at: ago(10),
  updated_at: ago(9),
  currency_code: 'usd',
  customer_id: 'cus_1',
  metadata: { cartpulse_id: `v-${id}` },
  total: 54,
  original_total: 54,
  item_total: 44,
  item_tax_total: 4,
  shipping_total: 10,
  tax_total: 4,
  discount_total: 0,
  shipping_address: { city: 'Bodø', country_code: 'no' },
  payment_collections: [{ payments: [{ provider_id: 'pp_card', refunds: [] }] }],
  items: [{ id: 'ordli_1', variant_sku: 'cap', product_title: 'Cap', unit_price: 20, quantity: 2 }],
  ...more,
});

export const medusaCart = (id: string, visitor: string, minutes: number, quantities: Record<string, number>) => ({
  id,
  metadata: { cartpulse_id: visitor },
  currency_code: 'usd',
  created_at: ago(30),
  updated_at: ago(minutes),
  items: Object.entries(quantities).map(([sku, quantity]) => ({
    id: `cali_${sku}`,
    variant_sku: sku,
    product_title: sku,
    unit_price: 20,
    quantity,
  })),
});

export const medusaRefunds = (...amounts: number[]) => {
  const refunds = amounts.map((amount, i) => ({ id: `ref_${i}`, amount, created_at: ago(3 - i) }));
  return { payment_collections: [{ payments: [{ provider_id: 'pp_card', refunds }] }] };
};
