/**
 * The number that a path leads to: `orders`, `stages.1.count`, and by what a row says of itself `stages.stage=purchase.count`.
 * A row that is not in a list has not happened: 0. Undefined where there is no such number.
 */
export function numberAt(data: unknown, path: string): number | null | undefined {
  let at: unknown = data;
  for (const segment of path.split('.')) {
    const [name = '', wanted] = segment.split('=');
    if (wanted !== undefined) {
      if (!Array.isArray(at)) return undefined;
      const rows: unknown[] = at;
      at = rows.find((row) => isObject(row) && String(row[name]) === wanted);
      if (at === undefined) return 0;
    } else if (Array.isArray(at)) at = at[Number(segment)];
    else if (isObject(at)) at = at[name];
    else return undefined;
  }
  return typeof at === 'number' || at === null ? at : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
