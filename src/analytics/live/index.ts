import type { Question } from '../question.ts';
import { realtime } from '../shared/realtime.ts';
import { sales } from '../shared/sales.ts';

export const live: Question = {
  name: 'live',
  definitions: [sales, realtime],
  routes: [],
};
