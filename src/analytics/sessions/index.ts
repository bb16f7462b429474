import type { Question } from '../question.ts';
import { sessionTotals } from '../shared/sessions.ts';
import { uniqueUsers } from '../shared/unique-users.ts';
import { sessionsDefinition } from './definition.ts';
import { sessionsRoute } from './route.ts';

export const sessions: Question = {
  name: 'sessions',
  definitions: [sessionsDefinition, sessionTotals, uniqueUsers],
  routes: [sessionsRoute],
};
