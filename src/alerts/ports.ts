import type { Kept } from '../runtime/kept.ts';
import type { AlertState } from './judge.ts';
import type { KnownRule, Rule, RuleProblem } from './rule.ts';

/** That an alert has fired, or is over. */
export interface Notice {
  /** The same whenever it is made again. */
  readonly id: string;
  readonly alertId: string;
  readonly name: string;
  readonly turn: 'fired' | 'over';
  readonly at: string;
  readonly value: number;
  readonly expected?: number | undefined;
}

export interface AlertStore {
  /** Those of the settings, and those that were made. */
  rules(): Promise<readonly KnownRule[]>;
  /** In the place of one of the same id; those of the settings count with them. */
  add(rule: Rule): Promise<Kept>;
  remove(id: string): Promise<boolean>;
  states(): Promise<ReadonlyMap<string, AlertState>>;
  /** Keeps a state, and with it what was said of it. */
  keep(id: string, state: AlertState, notice: Notice | undefined): Promise<void>;
  /** What was said, the newest first. */
  history(limit: number): Promise<readonly Notice[]>;
  /** Values of a rule at these moments; undefined where none was kept. */
  values(id: string, atMs: readonly number[]): Promise<readonly (number | undefined)[]>;
  keepValue(id: string, atMs: number, value: number, forgetBeforeMs: number): Promise<void>;
}

/** Sends notices to where their rules say, and tries again where that fails. */
export interface NoticeQueue {
  /** Adds those that were not added before. */
  add(notice: Notice, targets: number): Promise<void>;
}

/** Half-open; undefined: as it stands now. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export type MetricValue =
  | { readonly outcome: 'value'; readonly value: number }
  /** Such as the rate of nothing, or an item that is not there yet. */
  | { readonly outcome: 'none' }
  /** The rule asks for what there is not. */
  | { readonly outcome: 'wrong'; readonly problem: RuleProblem };

export interface Metrics {
  /** How finely an answer can be cut, in minutes; undefined where there is no such answer. */
  stepMinutes(answer: string): number | undefined;
  value(rule: Pick<Rule, 'answer' | 'field' | 'filter'>, stretch: Stretch | undefined): Promise<MetricValue>;
  /** The moment up to which everything is in the answers. */
  asOf(): Promise<number>;
}
