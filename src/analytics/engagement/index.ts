import type { Question } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { engagementDefinition } from './definition.ts';
import { engagementRoute, interactionsRoute } from './route.ts';

export const engagement: Question = {
  name: 'engagement',
  definitions: [engagementDefinition, sessionTotals, uniqueUsers],
  routes: [engagementRoute, interactionsRoute],
};
