import type { Funnel } from '../analytics/funnel-definitions.ts';
import type { ShopEvent } from '../events/event.ts';
import { reachesStage, VISIT_STAGE } from '../events/names.ts';
import type { SessionState, UserState } from './records.ts';
import { type FoldSettings, SESSION_LIFE_MS } from './settings.ts';

/** Has what was last active at `laneMs` been forgotten by now? */
export function isForgotten(laneMs: number, nowMs: number): boolean {
  return nowMs - laneMs > SESSION_LIFE_MS;
}

/** Does the event belong to this session, or does a new one begin with it? */
export function continues(
  session: SessionState | undefined,
  user: UserState | undefined,
  event: ShopEvent,
  nowMs: number,
  settings: FoldSettings,
): session is SessionState {
  if (session === undefined || user === undefined || isForgotten(session.laneMs, nowMs)) return false;
  if (event.timestampMs - session.newestMs > SESSION_LIFE_MS) return false;
  return event.sessionId !== undefined || event.timestampMs - user.newestMs <= settings.sessionTimeoutMs;
}

export function beginSession(event: ShopEvent, nowMs: number): SessionState {
  const at = event.timestampMs;
  return { firstMs: at, lastMs: at, newestMs: at, laneMs: nowMs, city: event.city, events: 0, progress: [] };
}

export interface Advance {
  readonly durationDeltaMs: number;
  readonly reached: { readonly funnel: string; readonly stages: readonly string[] }[];
}

/** Adds the event to the session. */
export function advanceSession(
  session: SessionState,
  event: ShopEvent,
  nowMs: number,
  funnels: readonly Funnel[],
): Advance {
  const before = Math.max(0, session.lastMs - session.firstMs);
  session.lastMs = event.timestampMs;
  session.newestMs = Math.max(session.newestMs, event.timestampMs);
  session.laneMs = nowMs;
  session.events += 1;
  const reached: Advance['reached'] = [];
  for (let i = 0; i < funnels.length; i++) {
    const funnel = funnels[i];
    if (funnel === undefined) continue;
    const from = session.progress[i] ?? 0;
    const to = progressAfter(funnel, from, event.name);
    session.progress[i] = to;
    if (to > from) reached.push({ funnel: funnel.name, stages: funnel.stages.slice(from, to) });
  }
  return { durationDeltaMs: Math.max(0, session.lastMs - session.firstMs) - before, reached };
}

/** An event reaches one stage; being the visit does not keep it from reaching the stage after that as well. */
function progressAfter({ stages }: Funnel, from: number, eventName: string): number {
  let at = from;
  while (stages[at] === VISIT_STAGE) at += 1;
  const stage = stages[at];
  return stage !== undefined && reachesStage(stage, eventName) ? at + 1 : at;
}
