import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { because, type Reason } from '../metrics/query/reason.ts';
import { isSecret } from '../webhooks/signature.ts';
import { TARGET_FAULTS, targetFault } from '../webhooks/targets.ts';

/** Each is looked at every minute. */
export const MAX_RULES = 100;
const WEEK_MINUTES = 7 * 24 * 60;
const percent = z.number().gt(0).max(100_000);
const weeks = z.int().min(1).max(8).default(4).openapi({ description: 'so many weeks back are looked at' });

const condition = z.union(
  [
    z.strictObject({ above: z.number() }),
    z.strictObject({ below: z.number() }),
    z.strictObject({ drop_percent: percent.max(100), weeks }),
    z.strictObject({ rise_percent: percent, weeks }),
  ],
  'must be one of {"above": 5}, {"below": 5}, {"drop_percent": 50}, {"rise_percent": 50}, the last two also with "weeks": 1 to 8',
);
export type Condition = z.infer<typeof condition>;

const target = z.union(
  [
    z.strictObject({
      webhook: z.string().max(2_048),
      secret: z.string().optional().openapi({ description: 'made by the server where absent' }),
    }),
    z.strictObject({ slack: z.string().max(2_048) }),
    z.strictObject({ email: z.email('must be an e-mail address').max(320) }),
  ],
  'must be one of {"webhook": "https://…"}, {"slack": "https://…"}, {"email": "name@shop.example"}',
);
export type Target = z.infer<typeof target>;

/** What somebody gives to be alerted, by the API or in `ALERTS`. */
export const ruleInput = z.strictObject({
  name: z.string().min(1).max(128),
  answer: z
    .string()
    .max(512)
    .regex(/^[a-z]/, 'is a path behind /v1/, such as revenue')
    .openapi({ description: 'the path of an answer behind /v1/', example: 'revenue' }),
  field: z.string().min(1).max(256).openapi({
    description:
      'which number of it; of a list the row that has a value: stages.stage=purchase.count; or of all rows: sum.views, max.views',
    example: 'orders',
  }),
  filter: z
    .record(z.string(), z.string().max(256))
    .default({})
    .openapi({ description: 'parameters of the answer', example: { city: 'Oslo' } }),
  over_minutes: z
    .int()
    .min(15)
    .max(WEEK_MINUTES)
    .multipleOf(15)
    .optional()
    .openapi({ description: 'of how long a time that is over; absent: as it stands now, today' }),
  when: condition,
  for_minutes: z
    .int()
    .min(0)
    .max(WEEK_MINUTES)
    .default(0)
    .openapi({ description: 'for how long that must hold before it is said, and not hold before it is over' }),
  to: z.array(target).min(1).max(10),
});
export type RuleInput = z.infer<typeof ruleInput>;

export interface Rule extends RuleInput {
  readonly id: string;
}

/** Where a rule comes from: what the settings say is changed there. */
export interface KnownRule extends Rule {
  readonly source: 'made' | 'settings';
}

export function weeksOf({ when }: Pick<Rule, 'when'>): number {
  return 'weeks' in when ? when.weeks : 0;
}

/** Of what is asked, not of whom to tell: that may change while an alert fires. */
export function ruleId({ to: _, name, ...asked }: RuleInput): string {
  return createHash('sha256')
    .update(JSON.stringify([name, asked]))
    .digest('hex')
    .slice(0, 16);
}

export interface RuleProblem extends Partial<Reason> {
  readonly path: string;
  readonly message: string;
}

/** Where notices may go. */
export interface Reachable {
  readonly allowsLoopback: boolean;
  readonly hasMail: boolean;
}

/** What is wrong with a rule that its schema cannot say. */
export function ruleProblem(
  { when, over_minutes: over, to }: RuleInput,
  reachable: Reachable,
): RuleProblem | undefined {
  if ('weeks' in when && over === undefined)
    return {
      path: 'over_minutes',
      message: 'is missing: weeks are compared over a time, such as 60',
      ...because('missing'),
    };
  for (const [i, one] of to.entries()) {
    const problem = targetProblemOf(one, reachable);
    if (problem !== undefined) return { ...problem, path: `to.${i}.${problem.path}` };
  }
  return undefined;
}

function targetProblemOf(to: Target, { allowsLoopback, hasMail }: Reachable): RuleProblem | undefined {
  if ('email' in to && hasMail) return undefined;
  if ('email' in to)
    return { path: 'email', message: 'needs a mail server: set SMTP_URL', ...because('no-mail-server') };
  const [path, url] = 'webhook' in to ? ['webhook', to.webhook] : ['slack', to.slack];
  const fault = targetFault(url, allowsLoopback);
  if (fault !== undefined) return { path, message: TARGET_FAULTS[fault], ...because(fault) };
  const hasBadSecret = 'secret' in to && to.secret !== undefined && !isSecret(to.secret);
  return hasBadSecret ? { path: 'secret', message: 'must be whsec_ and 24 to 64 bytes in base64' } : undefined;
}
