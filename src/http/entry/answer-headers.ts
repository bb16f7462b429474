import type { Context } from 'hono';

/** No answer is taken for another kind, or shown within a page of another origin. */
export const OF_ANSWERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

const ENTRIES = Object.entries(OF_ANSWERS);

/** Of what is not made for being asked again: nobody else keeps it either. */
export function sayOfAnswers(context: Context): void {
  for (const [name, value] of ENTRIES) context.header(name, value);
  context.header('Cache-Control', 'no-store');
}
