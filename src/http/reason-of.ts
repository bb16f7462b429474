import { z } from '@hono/zod-openapi';
import { because, REASONS, type Reason } from '../metrics/query/reason.ts';

const ofSchema = z.object({ reason: z.enum(REASONS) });

/** Why a schema refuses a value, where that can be said in other words. */
export function reasonOf(issue: z.core.$ZodIssue): Reason | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return because(issue.message === 'is missing' ? 'missing' : 'wrong-kind');
    case 'invalid_value':
      return because('not-one-of', { allowed: issue.values.join(', ') });
    case 'too_small':
      // What must be more than a number is not at least that number.
      if (issue.inclusive === false) return undefined;
      return because(isCounted(issue.origin) ? 'too-short' : 'too-small', { least: Number(issue.minimum) });
    case 'too_big':
      return because(isCounted(issue.origin) ? 'too-long' : 'too-large', { most: Number(issue.maximum) });
    case 'custom':
      return ofSchema.safeParse(issue.params).data;
    default:
      return undefined;
  }
}

/** By its characters or entries. */
const isCounted = (origin: string): boolean => origin === 'string' || origin === 'array';
