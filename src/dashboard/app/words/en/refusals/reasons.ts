import type { Reason } from '../../../api/answers.ts';

interface Reasons {
  /** By the reason that the server names; its values and the field's name go into the braces. */
  readonly of: Readonly<Record<Reason, string>>;
  /** Fields by their name in the API; one that is not here stands as it is called there. */
  readonly fields: Readonly<Record<string, string>>;
  /** What keys may do, likewise. */
  readonly scopes: Readonly<Record<string, string>>;
}

/** What exactly is refused, and what would be taken. */
export const reasons: Reasons = {
  of: {
    missing: '{field}: something has to stand there.',
    'wrong-kind': '{field}: what stands there is of another kind than it should be.',
    'not-one-of': '{field}: it can be {allowed}.',
    'too-long': '{field}: at most {most} characters or entries.',
    'too-short': '{field}: at least {least} characters or entries.',
    'too-large': '{field}: at most {most}.',
    'too-small': '{field}: at least {least}.',
    'unknown-parameter': '{field} is not known here: the link may be of another shop or an older one.',
    'not-a-date': '{field}: that is no date of the calendar.',
    'before-from': 'The last day lies before the first.',
    'period-too-long': 'That is too long: at most {days} days can be shown at once.',
    'hours-gone': 'Hours are kept for {days} days. Before that, choose whole days.',
    'whole-days-only': 'Here only whole days can be chosen, no hours.',
    'off-step': '{field}: it has to be on a whole step, an hour or a quarter of one.',
    'too-many-points': 'That would be more than {points} steps. Choose a shorter period or longer steps.',
    'one-filter': 'Only one filter at a time.',
    'unknown-currency': 'There is no such currency.',
    'unknown-item': 'Nothing has been heard of the product {item} yet.',
    'bad-step': 'Step {step} of the funnel can’t be read.',
    'too-heavy': 'That is more than one answer may hold. Choose a shorter period.',
    'many-at-once': 'Many ask about much data at this moment. It is tried again.',
    'server-away': 'A part of the server does not answer at this moment.',
    'needs-scope': 'It takes a key that may do this: {scope}.',
    'not-a-url': '{field}: that is no address.',
    'has-password': '{field}: a user or password in the address is not allowed.',
    'on-this-machine': '{field}: addresses of the server’s own machine are not allowed (LOOPBACK_WEBHOOKS).',
    'not-http': '{field}: the address has to begin with http or https.',
    'not-https': '{field}: the address has to begin with https.',
    'private-address': '{field}: the address lies in a private network.',
    'no-mail-server': 'The server has no mail server yet (SMTP_URL).',
  },
  fields: {
    from: 'From',
    to: 'To',
    interval: 'Interval',
    compare: 'Compared',
    currency: 'Currency',
    limit: 'Rows',
    funnel: 'Funnel',
    steps: 'Steps of the funnel',
    window: 'Within',
    breakdown: 'Broken down',
    dimension: 'Broken down',
    name: 'Name',
    query: 'View',
    over_minutes: 'Within',
    'to.0.webhook': 'Address of the webhook',
    'to.0.slack': 'Address of the webhook',
    'to.0.email': 'E-mail address',
  },
  scopes: {
    read: 'read',
    'read-personal': 'read what names people',
    import: 'import files',
    admin: 'administer',
  },
};
