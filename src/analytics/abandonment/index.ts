import type { Question } from '../question.ts';
import { abandonmentDefinition } from './definition.ts';
import { abandonmentRoute } from './route.ts';

export const abandonment: Question = {
  name: 'abandonment',
  definitions: [abandonmentDefinition],
  routes: [abandonmentRoute],
};
