import type { Analytic } from '../analytic.ts';
import { inventoryRoute, priceImpactRoute, pricesRoute, stockLevelsRoute } from './route.ts';

/** Its stock, prices and their histories belong to the core (`catalogue.ts`), since other questions read them as well. */
export const inventory: Analytic = {
  name: 'inventory',
  families: [],
  routes: [inventoryRoute, priceImpactRoute, pricesRoute, stockLevelsRoute],
};
