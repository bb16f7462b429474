import type { Analytic } from '../analytic.ts';
import { popularProductsRoute } from './route.ts';

/** Its rankings belong to the core (`catalogue.ts`), since other questions read them as well. */
export const popularProducts: Analytic = {
  name: 'popular-products',
  families: [],
  routes: [popularProductsRoute],
};
