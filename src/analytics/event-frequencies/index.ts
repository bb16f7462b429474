import type { Question } from '../question.ts';
import { eventFrequenciesDefinition } from './definition.ts';
import { eventFrequenciesRoute } from './route.ts';

export const eventFrequencies: Question = {
  name: 'event-frequencies',
  definitions: [eventFrequenciesDefinition],
  routes: [eventFrequenciesRoute],
};
