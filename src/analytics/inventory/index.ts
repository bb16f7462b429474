import type { Question } from '../question.ts';
import { items } from '../shared/items.ts';
import { inventoryRoute, priceImpactRoute, pricesRoute, stockLevelsRoute } from './route.ts';

export const inventory: Question = {
  name: 'inventory',
  definitions: [items],
  routes: [inventoryRoute, priceImpactRoute, pricesRoute, stockLevelsRoute],
};
