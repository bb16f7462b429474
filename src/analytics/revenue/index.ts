import type { Question } from '../question.ts';
import { sales } from '../shared/sales.ts';
import { revenueRoute } from './route.ts';

export const revenue: Question = {
  name: 'revenue',
  definitions: [sales],
  routes: [revenueRoute],
};
