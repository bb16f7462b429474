import { type Fields, type Flat, isObject } from '../forms/fields.ts';
import { EVENT_KINDS, type FieldKind, ITEM_KINDS } from './kinds.ts';
import { type Arrival, AS_IT_IS, type Kind, type Repair, type Rule } from './rule.ts';
import { OLDER_DATA_LAYER, RULES } from './rules.ts';

export interface Repaired {
  readonly fields: Fields;
  readonly repairs: readonly Repair[];
}

/** Takes what can only mean one thing as that. What is good already, or could mean two things, stays as it is. */
export function repair({ fields, olderAction }: Flat, arrival: Arrival): Repaired {
  const repairs: Repair[] = [];
  if (olderAction !== undefined) note(repairs, OLDER_DATA_LAYER, `ecommerce.${olderAction}`);
  const event = { ...fields };
  if (event['sent_at'] === undefined && arrival.sentAt !== undefined) event['sent_at'] = arrival.sentAt;
  const repaired = (record: Fields, kinds: typeof EVENT_KINDS, within: string): Fields => {
    for (const [field, kind] of kinds) {
      const value = taken(record, field, kind, { event, arrival, note: (rule) => note(repairs, rule, within + field) });
      if (value === undefined) delete record[field];
      else record[field] = value;
    }
    return record;
  };
  repaired(event, EVENT_KINDS, '');
  const { items } = event;
  if (Array.isArray(items))
    event['items'] = items.map((item, i) => (isObject(item) ? repaired({ ...item }, ITEM_KINDS, `items.${i}.`) : item));
  return { fields: event, repairs };
}

interface Within {
  readonly event: Fields;
  readonly arrival: Arrival;
  readonly note: (rule: Rule) => void;
}

/** The value after all rules that look at such a field. */
function taken(
  beside: Fields,
  field: string,
  { kind, max }: FieldKind,
  { event, arrival, note: noted }: Within,
): unknown {
  let value = beside[field];
  for (const rule of rulesOf(kind)) {
    const next = rule.take(value, { field, kind, max, beside, event, arrival });
    if (next === AS_IT_IS || next === value) continue;
    noted(rule);
    value = next;
  }
  return value;
}

const byKind = new Map<Kind, readonly Rule[]>();

function rulesOf(kind: Kind): readonly Rule[] {
  const rules = byKind.get(kind) ?? RULES.filter(({ looksAt }) => looksAt.includes(kind));
  byKind.set(kind, rules);
  return rules;
}

function note(repairs: Repair[], { name, message }: Pick<Rule, 'name' | 'message'>, path: string): void {
  repairs.push({ rule: name, path, message });
}
