import type { Question } from '../question.ts';
import { sales } from '../shared/sales.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { citiesDefinition } from './definition.ts';
import { citiesRoute } from './route.ts';

export const cities: Question = {
  name: 'cities',
  definitions: [citiesDefinition, sales, sessionTotals, uniqueUsers],
  routes: [citiesRoute],
};
