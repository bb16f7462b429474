export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands within an object at a path; undefined where nothing does. */
export function valueAt(sent: unknown, path: readonly string[]): unknown {
  return path.reduce((from, part) => (isObject(from) ? from[part] : undefined), sent);
}

/** An event's fields in one place, wherever the sender had put them, and where that was. */
export interface Flat {
  readonly fields: Fields;
  /** For each field that stood elsewhere. */
  readonly places: ReadonlyMap<string, string>;
  /** What fields of a line are called there. */
  readonly itemNames?: ReadonlyMap<string, string> | undefined;
  /** Where GA's older data layer says what happened. */
  readonly olderPlace?: string | undefined;
}

/** Where a field of the event stood in what was sent, for whoever is told that it is wrong. */
export function placeOf(path: readonly PropertyKey[], { places, itemNames }: Flat): string {
  const [field = '', ...rest] = path.map(String);
  const inside = field === 'items' ? rest.map((part) => itemNames?.get(part) ?? part) : rest;
  return [places.get(field) ?? field, ...inside].join('.');
}
