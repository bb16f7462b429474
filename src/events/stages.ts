/** Stage words that stand for an event name; any other stage is an event name itself. `visit` is any shop event. */
const STAGE_EVENTS: ReadonlyMap<string, string> = new Map([
  ['view', 'view_item'],
  ['cart', 'add_to_cart'],
  ['checkout', 'begin_checkout'],
]);

export const VISIT_STAGE = 'visit';

/** Does an event of this name reach this stage? */
export function reachesStage(stage: string, eventName: string): boolean {
  return stage === VISIT_STAGE || (STAGE_EVENTS.get(stage) ?? stage) === eventName;
}
