import type { Analytic } from '../analytic.ts';
import { foldAbandonedCarts } from './fold.ts';
import { abandonedCartFamilies } from './keys.ts';
import { abandonedItemsRoute, cartsRoute } from './route.ts';

export const abandonedCarts: Analytic = {
  name: 'abandoned-carts',
  families: abandonedCartFamilies,
  fold: foldAbandonedCarts,
  routes: [cartsRoute, abandonedItemsRoute],
};
