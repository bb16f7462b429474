import type { Question } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { funnelDefinition } from './definition.ts';
import { funnelRoute } from './route.ts';

export const funnel: Question = {
  name: 'funnel',
  definitions: [funnelDefinition, sessionTotals, uniqueUsers],
  routes: [funnelRoute],
};
