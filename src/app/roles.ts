import type { Config } from '../config.ts';

export const ROLES = ['api', 'consume', 'rollup', 'archive', 'simulate'] as const;
export type Role = (typeof ROLES)[number];

/** A role at work. */
export interface RunningRole {
  /** What it does, in a few words for the line that says what runs where. */
  readonly summary: string;
  stop(): Promise<void>;
  /** Rejects when the role can't go on. */
  readonly failed?: Promise<never>;
}

/** The roles can't run like this. */
class BadRoles extends Error {
  readonly code = 'bad-roles';
  readonly retryable = false;
}

/** No server is named that others may use. */
export const isAlone = ({ REDIS_URL, KAFKA_BROKERS }: Pick<Config, 'REDIS_URL' | 'KAFKA_BROKERS'>): boolean =>
  REDIS_URL === undefined && KAFKA_BROKERS === undefined;

/**
 * Those that were named, else all; the simulator only where SIMULATE
 * asks for it, or where no server is named that others may use.
 * @throws BadRoles
 */
export function rolesToRun(named: readonly Role[], { SIMULATE, REDIS_URL, KAFKA_BROKERS }: Config): readonly Role[] {
  if (named.includes('archive') && !named.includes('consume'))
    throw new BadRoles('the role archive writes what its own process counts; run `consume archive` together');
  if (named.length > 0) return named;
  const simulated = SIMULATE === undefined ? isAlone({ REDIS_URL, KAFKA_BROKERS }) : SIMULATE > 0;
  return ROLES.filter((role) => role !== 'simulate' || simulated);
}

export function simulatedEventsPerSecond({ SIMULATE = 50 }: Config): number {
  return SIMULATE;
}
