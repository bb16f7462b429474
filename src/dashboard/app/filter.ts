import type { View } from './view.ts';

/** One value of one dimension. */
export interface Filter {
  readonly dimension: string;
  readonly value: string;
}

/** What the view is narrowed down to; the name of a dimension has no colon. */
export function filterOf({ filter }: Pick<View, 'filter'>): Filter | undefined {
  const colon = filter.indexOf(':');
  return colon < 1 ? undefined : { dimension: filter.slice(0, colon), value: filter.slice(colon + 1) };
}

/** The same as parameters of the API. */
export function filteredBy(view: Pick<View, 'filter'>): Readonly<Record<string, string>> {
  const filter = filterOf(view);
  return filter === undefined ? {} : { [filter.dimension]: filter.value };
}

/** The view's filter, or none where it was this one already. */
export function toggled(view: Pick<View, 'filter'>, { dimension, value }: Filter): Pick<View, 'filter'> {
  const filter = `${dimension}:${value}`;
  return { filter: view.filter === filter ? '' : filter };
}
