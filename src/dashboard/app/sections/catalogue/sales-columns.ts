import type { Data } from '../../api/answers.ts';
import type { Column } from '../../panel/columns.ts';
import { said } from '../../words/said.ts';

/** What a product, or several that are put together, is told by. */
type Sales = Omit<Data<'/v1/brands'>[number], 'brand'>;

export const SALES_KEYS = [
  'views',
  'carts',
  'orders',
  'units',
  'revenue',
  'view_to_cart_rate',
  'cart_to_order_rate',
] as const satisfies readonly (keyof Sales)[];

export const SALES_COLUMNS: readonly Column<Pick<Sales, (typeof SALES_KEYS)[number]>>[] = [
  { key: 'views', label: said('Views'), as: 'count' },
  { key: 'carts', label: said('Carts'), as: 'count' },
  { key: 'orders', label: said('Orders'), as: 'count' },
  { key: 'units', label: said('Units'), as: 'count' },
  { key: 'revenue', label: said('Revenue'), as: 'money' },
  { key: 'view_to_cart_rate', label: said('Carts per view'), as: 'rate' },
  { key: 'cart_to_order_rate', label: said('Orders per cart'), as: 'rate' },
];
