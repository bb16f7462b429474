import { type Fields, type Flat, isObject } from '../forms/fields.ts';
import { isOlderLine, lineOf } from '../forms/older-data-layer.ts';
import { EVENT_KINDS, ITEM_KINDS } from './kinds.ts';
import { type Arrival, AS_IT_IS, type Kind, type Place, type Repair, type Rule } from './rule.ts';
import { NULL, OLDER_DATA_LAYER, RULES } from './rules.ts';

/** A rule can make it of other fields of its line. */
const MAY_BE_MADE = 'item_id';

export interface Repaired {
  readonly fields: Fields;
  readonly repairs: readonly Repair[];
}

/** Takes what can only mean one thing as that. What is good already, or could mean two things, stays as it is. */
export function repair({ fields, olderPlace }: Flat, arrival: Arrival): Repaired {
  const repairs: Repair[] = [];
  if (olderPlace !== undefined) note(repairs, OLDER_DATA_LAYER, olderPlace);
  const event = { ...fields };
  if (event['sent_at'] === undefined && arrival.sentAt !== undefined) event['sent_at'] = arrival.sentAt;
  const repaired = (record: Fields, kinds: typeof EVENT_KINDS, within: string): Fields => {
    for (const [field, kind] of kinds) {
      const { [field]: value } = record;
      if (value === undefined && field !== MAY_BE_MADE) continue;
      const next = taken(value, { field, ...kind, beside: record, event, arrival }, (rule) =>
        note(repairs, rule, within + field),
      );
      if (next === value) continue;
      if (next === undefined) delete record[field];
      else record[field] = next;
    }
    return record;
  };
  repaired(event, EVENT_KINDS, '');
  const { items } = event;
  const lineAt = (item: Fields, i: number): Fields => {
    if (!isOlderLine(item)) return { ...item };
    note(repairs, OLDER_DATA_LAYER, `items.${i}`);
    return lineOf(item);
  };
  if (Array.isArray(items))
    event['items'] = items.flatMap((item, i) => {
      if (item !== null) return [isObject(item) ? repaired(lineAt(item, i), ITEM_KINDS, `items.${i}.`) : item];
      note(repairs, NULL, `items.${i}`);
      return [];
    });
  return { fields: event, repairs };
}

/** The value after all rules that look at such a field. */
function taken(sent: unknown, place: Place, noted: (rule: Rule) => void): unknown {
  let value = sent;
  for (const rule of rulesOf(place.kind)) {
    const next = rule.take(value, place);
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
