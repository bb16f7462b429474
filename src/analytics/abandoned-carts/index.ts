import type { Question } from '../question.ts';
import { items } from '../shared/items.ts';
import { abandonedCartsDefinition } from './definition.ts';
import { abandonedItemsRoute, cartsRoute } from './route.ts';

export const abandonedCarts: Question = {
  name: 'abandoned-carts',
  definitions: [abandonedCartsDefinition, items],
  routes: [cartsRoute, abandonedItemsRoute],
};
