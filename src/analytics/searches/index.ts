import type { Question } from '../question.ts';
import { searchesDefinition } from './definition.ts';
import { searchesRoute } from './route.ts';

export const searches: Question = {
  name: 'searches',
  definitions: [searchesDefinition],
  routes: [searchesRoute],
};
