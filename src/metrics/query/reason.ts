/** Why a part of a request is refused, so that others can say it in words of theirs; `values` are what belongs into them. */
export const REASONS = [
  'missing',
  'wrong-kind',
  'not-one-of',
  'too-long',
  'too-short',
  'too-large',
  'too-small',
  'unknown-parameter',
  'not-a-date',
  'before-from',
  'period-too-long',
  'hours-gone',
  'whole-days-only',
  'off-step',
  'too-many-points',
  'one-filter',
  'unknown-currency',
  'unknown-item',
  'bad-step',
  'too-heavy',
  'many-at-once',
  'server-away',
  'needs-scope',
  'not-a-url',
  'has-password',
  'on-this-machine',
  'not-http',
  'not-https',
  'private-address',
  'no-mail-server',
] as const;
export type ReasonCode = (typeof REASONS)[number];

export interface Reason {
  readonly reason: ReasonCode;
  readonly values?: Readonly<Record<string, string | number>>;
}

export const because = (reason: ReasonCode, values?: Reason['values']): Reason => ({
  reason,
  ...(values && { values }),
});
