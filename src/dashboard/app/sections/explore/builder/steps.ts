/** What a step may be narrowed to, as the API has it. */
export const CONDITIONS = [
  'item_id',
  'city',
  'country',
  'device',
  'channel',
  'source',
  'campaign',
  'store',
  'currency',
  'payment_type',
  'search_term',
] as const;
export type ConditionName = (typeof CONDITIONS)[number];

export interface Condition {
  readonly name: ConditionName;
  /** Counts for nothing while it is empty. */
  readonly value: string;
}

export interface FunnelStep {
  readonly name: string;
  readonly where: readonly Condition[];
}

export const MOST_STEPS = 8;

const USUAL: readonly FunnelStep[] = ['view_item', 'add_to_cart', 'purchase'].map((name) => ({ name, where: [] }));

/** As they stand in the URL and in the API: a list of names with conditions. What is none is passed over. */
export function readSteps(text: string): readonly FunnelStep[] {
  try {
    const parsed: unknown = JSON.parse(text);
    const steps = Array.isArray(parsed) ? parsed.flatMap(readStep).slice(0, MOST_STEPS) : [];
    return steps.length === 0 ? USUAL : steps;
  } catch {
    return USUAL;
  }
}

function readStep(one: unknown): FunnelStep[] {
  if (typeof one !== 'object' || one === null || !('name' in one) || typeof one.name !== 'string') return [];
  const named: unknown = 'where' in one ? one.where : {};
  const values = new Map<string, unknown>(Object.entries(Object(named)));
  const where = CONDITIONS.flatMap((name) => {
    const value = values.get(name);
    return typeof value === 'string' ? [{ name, value }] : [];
  });
  return [{ name: one.name, where }];
}

const written = (steps: readonly FunnelStep[], isKept: (condition: Condition) => boolean): string =>
  JSON.stringify(
    steps.map(({ name, where }) => {
      const kept = where.filter(isKept);
      return { name, ...(kept.length > 0 && { where: Object.fromEntries(kept.map((one) => [one.name, one.value])) }) };
    }),
  );

export const writeSteps = (steps: readonly FunnelStep[]): string => written(steps, () => true);

/** What is asked for: conditions without a value are still being written. */
export const askedSteps = (steps: readonly FunnelStep[]): string => written(steps, ({ value }) => value !== '');

/** A step in the place of another, which takes its own. */
export function swapped(steps: readonly FunnelStep[], a: number, b: number): readonly FunnelStep[] {
  const [first, second] = [steps[a], steps[b]];
  if (first === undefined || second === undefined) return steps;
  return steps.with(a, second).with(b, first);
}
