import { bodyOf, sentenceOf, slackOf } from './messages.ts';
import type { Notice } from './ports.ts';
import type { Rule } from './rule.ts';

/** Why it was not sent, where it was not. */
export type SendResult =
  | { readonly outcome: 'delivered' | 'gone' }
  | { readonly outcome: 'failed'; readonly reason: string };

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface DeliverNoticeParts {
  readonly store: { rules(): Promise<readonly Rule[]> };
  /** Signed where there is a secret. */
  readonly post: (url: string, id: string, body: string, secret?: string) => Promise<SendResult>;
  readonly mail: (mail: Mail) => Promise<SendResult>;
}

/** One try to send a notice to one of its rule's targets. */
export async function deliverNotice(notice: Notice, target: number, parts: DeliverNoticeParts): Promise<SendResult> {
  const rule = (await parts.store.rules()).find(({ id }) => id === notice.alertId);
  const to = rule?.to[target];
  if (rule === undefined || to === undefined) return { outcome: 'gone' };
  if ('webhook' in to) return parts.post(to.webhook, notice.id, bodyOf(notice, rule), to.secret);
  if ('slack' in to) return parts.post(to.slack, notice.id, slackOf(notice, rule));
  const text = sentenceOf(notice, rule);
  return parts.mail({
    to: to.email,
    subject: [...`cartpulse: ${text}`.replace(/\s+/g, ' ')].slice(0, 200).join(''),
    text: `${text}\n`,
  });
}
