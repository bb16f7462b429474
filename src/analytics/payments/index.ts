import type { Question } from '../question.ts';
import { paymentsDefinition } from './definition.ts';
import { paymentsRoute } from './route.ts';

export const payments: Question = {
  name: 'payments',
  definitions: [paymentsDefinition],
  routes: [paymentsRoute],
};
