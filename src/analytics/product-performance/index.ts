import type { Question } from '../question.ts';
import { items } from '../shared/items.ts';
import { productRoute, productsRoute } from './route.ts';

export const productPerformance: Question = {
  name: 'product-performance',
  definitions: [items],
  routes: [productsRoute, productRoute],
};
