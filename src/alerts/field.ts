const INDEX = /^\d+$/;

/**
 * The number that a path leads to: `orders`, `stages.1.count`, and by what a row says of itself `stages.stage=purchase.count`.
 * Of all rows of a list together: `sum.views`, and the greatest of them: `max.views`.
 * A row that is not in a list has not happened: 0. Undefined where there is no such number.
 */
export function numberAt(data: unknown, path: string): number | null | undefined {
  const segments = path.split('.');
  let at: unknown = data;
  for (const [i, segment] of segments.entries()) {
    const [name = '', wanted] = segment.split('=');
    if (Array.isArray(at) && (segment === 'sum' || segment === 'max'))
      return ofAllRows(at, segments.slice(i + 1).join('.'), segment);
    if (wanted !== undefined) {
      if (!Array.isArray(at)) return undefined;
      const rows: unknown[] = at;
      at = rows.find((row) => isObject(row) && String(row[name]) === wanted);
      if (at === undefined) return 0;
    } else if (Array.isArray(at)) at = INDEX.test(segment) ? at[Number(segment)] : undefined;
    else if (isObject(at)) at = Object.hasOwn(at, name) ? at[name] : undefined;
    else return undefined;
  }
  return typeof at === 'number' || at === null ? at : undefined;
}

function ofAllRows(rows: readonly unknown[], path: string, kind: 'sum' | 'max'): number | null | undefined {
  const values = rows.map((row) => numberAt(row, path));
  if (path === '' || values.includes(undefined)) return undefined;
  const numbers = values.flatMap((value) => value ?? []);
  // Nobody knows what only unknown numbers come to.
  if (rows.length > 0 && numbers.length === 0) return null;
  if (kind === 'sum') return numbers.reduce((sum, n) => sum + n, 0);
  return numbers.length === 0 ? 0 : Math.max(...numbers);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
