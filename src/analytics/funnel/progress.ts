import { reachesStage, VISIT_STAGE } from '../../events/stages.ts';
import type { StagesReached } from '../../metrics/facts.ts';
import type { Funnel } from './funnel.ts';

/** How far a session has come in each funnel, in the funnels' fixed order. */
interface FunnelProgress {
  /** Stages reached. */
  readonly progress: number[];
  /** When the last of them was reached, in milliseconds after the session's first event. */
  readonly reachedAfterMs: number[];
}

/** Most events reach no new stage. */
const NONE: readonly never[] = [];

/**
 * Takes a session on by one event, in every funnel, stage by stage in its order.
 * @param afterMs milliseconds after the session's first event
 * @returns what it reached for the first time
 */
export function advanceFunnels(
  of: FunnelProgress,
  eventName: string,
  afterMs: number,
  funnels: readonly Funnel[],
): readonly StagesReached[] {
  let reached: readonly StagesReached[] = NONE;
  for (let i = 0; i < funnels.length; i++) {
    const funnel = funnels[i];
    if (funnel === undefined) continue;
    const from = of.progress[i] ?? 0;
    const to = progressAfter(funnel, from, eventName);
    of.progress[i] = to;
    of.reachedAfterMs[i] ??= 0;
    if (to === from) continue;
    const seconds = from === 0 ? undefined : Math.max(0, afterMs - (of.reachedAfterMs[i] ?? 0)) / 1_000;
    of.reachedAfterMs[i] = afterMs;
    reached = [...reached, { funnel: funnel.name, stages: funnel.stages.slice(from, to), seconds }];
  }
  return reached;
}

/** An event reaches one stage; being the visit does not keep it from reaching the stage after that as well. */
function progressAfter({ stages }: Funnel, from: number, eventName: string): number {
  let at = from;
  while (stages[at] === VISIT_STAGE) at += 1;
  const stage = stages[at];
  return stage !== undefined && reachesStage(stage, eventName) ? at + 1 : at;
}

/**
 * Takes a user on by one event at the stages of open funnels.
 * @param counted places of the stages at which the user was counted in this hour and city; added to
 * @returns stages at which the user is to be counted now
 */
export function advanceOpenStages(counted: number[], eventName: string, stages: readonly string[]): readonly string[] {
  let reached: string[] | undefined;
  for (let i = 0; i < stages.length; i++) {
    const stage = stages[i];
    if (stage === undefined || !reachesStage(stage, eventName) || counted.includes(i)) continue;
    counted.push(i);
    reached ??= [];
    reached.push(stage);
  }
  return reached ?? NONE;
}
