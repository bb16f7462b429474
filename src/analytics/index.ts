import type { Definition } from '../metrics/definition.ts';
import type { Question } from './question.ts';
import * as registered from './questions.ts';

export const questions: readonly Question[] = Object.values(registered);

/** What is kept for all of them; what several read is there once. */
export const definitions: readonly Definition[] = [...new Set(questions.flatMap((question) => question.definitions))];
