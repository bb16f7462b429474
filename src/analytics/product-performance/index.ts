import type { Analytic } from '../analytic.ts';
import { productRoute, productsRoute } from './route.ts';

/** Its rankings belong to the core (`catalogue.ts`), since other questions read them as well. */
export const productPerformance: Analytic = {
  name: 'product-performance',
  families: [],
  routes: [productsRoute, productRoute],
};
