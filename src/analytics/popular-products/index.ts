import type { Analytic } from '../analytic.ts';
import { foldPopularProducts } from './fold.ts';
import { popularProductFamilies } from './keys.ts';
import { popularProductsRoute } from './route.ts';

export const popularProducts: Analytic = {
  name: 'popular-products',
  families: popularProductFamilies,
  fold: foldPopularProducts,
  routes: [popularProductsRoute],
};
