import type { Question } from '../question.ts';
import { items } from '../shared/items.ts';
import { risingProductsRoute } from './route.ts';

export const risingProducts: Question = {
  name: 'rising-products',
  definitions: [items],
  routes: [risingProductsRoute],
};
