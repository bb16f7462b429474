import type { Question } from '../question.ts';
import { items } from '../shared/items.ts';
import { popularProductsRoute } from './route.ts';

export const popularProducts: Question = {
  name: 'popular-products',
  definitions: [items],
  routes: [popularProductsRoute],
};
