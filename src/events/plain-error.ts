import { z } from 'zod';

/** What zod expects, in words. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What is wrong with a value, in words for whoever sent it; a message of the schema's own goes first. */
export const plainError: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'is missing' : `must be ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'too_big') return tooBig(issue);
  if (issue.code === 'invalid_value')
    return issue.values.length === 1
      ? `must be ${String(issue.values[0])}`
      : `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime')
    return 'must be a date and time with an offset, such as 2026-11-20T14:00:00Z';
  if (issue.code === 'not_multiple_of') return `must be a multiple of ${issue.divisor}`;
  if (issue.code === 'unrecognized_keys') return `is not known here, only ${knownIn(issue.inst).join(', ')}`;
  return undefined;
};

const MOST_NAMES = 40;

/** Names that a closed object takes; the texts of zod do not tell them. */
function knownIn(schema: unknown): string[] {
  return schema instanceof z.core.$ZodObject ? Object.keys(schema._zod.def.shape).slice(0, MOST_NAMES) : [];
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === 'string' || origin === 'array')
    return Number(minimum) === 1 ? 'must not be empty' : `must have at least ${minimum} ${partsOf(origin)}`;
  return inclusive === false ? `must be greater than ${minimum}` : `must be at least ${minimum}`;
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodRawIssue<z.core.$ZodIssueTooBig>): string {
  if (origin === 'string' || origin === 'array') return `must have at most ${maximum} ${partsOf(origin)}`;
  return inclusive === false ? `must be less than ${maximum}` : `must be at most ${maximum}`;
}

const partsOf = (origin: string): string => (origin === 'string' ? 'characters' : 'entries');
