import type { Row } from '../api/answers.ts';

export type Alert = Row<'/v1/alerts'>;

export const COMPARISONS = ['above', 'below', 'drop_percent', 'rise_percent'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Weeks back that a fall or a rise is told by. */
export const WEEKS = 4;

/** A number of an answer, and when somebody should be told: what a form for an alert begins with. */
export interface Watch {
  readonly name: string;
  readonly answer: string;
  readonly field: string;
  readonly filter?: Readonly<Record<string, string>>;
  readonly when: { readonly is: Comparison; readonly than: number };
  /** Over so many minutes that are over; as it stands today where it is absent. */
  readonly over?: number;
}

/** Of an hour by the answers that are kept by quarters, else by hours. */
const MINUTES = [15, 30, 60, 120, 180, 360, 720, 1_440] as const;

/** For how long a time a number of this answer can be asked, in minutes. */
export const timesOf = (answer: string): readonly number[] =>
  MINUTES.filter((minutes) => answer === 'revenue' || minutes % 60 === 0);

export const isByWeeks = (is: Comparison): boolean => is === 'drop_percent' || is === 'rise_percent';

/** So few are usual in so many minutes that none at all is no chance: in that time, or in a longer one with more of them. */
export function timeWithEnough(usual: number, minutes: number): number {
  const needed = (minutes * LEAST_USUAL) / usual;
  return timesOf('revenue').find((one) => one >= needed) ?? 1_440;
}

/** Of fewer a fall to nothing may be noise. */
const LEAST_USUAL = 12;

export const WAYS = ['webhook', 'slack', 'email'] as const;
export type Way = (typeof WAYS)[number];

/** What was entered. */
export interface Draft {
  readonly name: string;
  readonly is: Comparison;
  readonly than: string;
  /** 0: as it stands today. */
  readonly over: number;
  readonly forMinutes: number;
  readonly way: Way;
  readonly address: string;
}

export const draftOf = ({ name, when, over = 0 }: Watch): Draft => ({
  name,
  is: when.is,
  than: String(when.than),
  over,
  forMinutes: 0,
  way: 'webhook',
  address: '',
});

/** As `POST /v1/alerts` takes it. */
export function ruleOf({ answer, field, filter = {} }: Watch, draft: Draft): object {
  const { name, is, than, over, forMinutes, way, address } = draft;
  return {
    name: name.trim(),
    answer,
    field,
    filter,
    ...(over > 0 && { over_minutes: over }),
    when: { [is]: Number(than), ...(isByWeeks(is) && { weeks: WEEKS }) },
    for_minutes: forMinutes,
    to: [{ [way]: address.trim() }],
  };
}
