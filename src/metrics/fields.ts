/**
 * Keys of what is kept by dimension value: beside a family's own key, which holds the sums over all, each dimension has one
 * (`engagement:by-channel:2026-11-20`) with a field `metric|value` for each of its values. Metrics hold no `|`, a value may.
 */
export function byDimension(dimensions: string, name: string): string {
  return dimensions === '' ? `by-${name}` : `${dimensions}:by-${name}`;
}

/** Is it a dimension's own key? */
export function isByDimension(dimensions: string): boolean {
  return /(^|:)by-[^:]+$/.test(dimensions);
}

/** Unique users of one value. What comes before it holds no colon, so that a free text is unambiguous in the key. */
export function ofValue(text: string, dimension: string, value: string): string {
  return `${text}:${dimension}:${value}`;
}

/** A field of a dimension's own key. */
export function fieldOf(metric: string, value: string): string {
  return `${metric}|${value}`;
}

/** Metric and value of a field of a dimension's own key. */
export function splitField(field: string): { readonly metric: string; readonly value: string } {
  const at = field.indexOf('|');
  return { metric: field.slice(0, at), value: field.slice(at + 1) };
}

/** Money is kept for each currency by itself. */
export function inCurrency(metric: string, currency: string): string {
  return `${metric}:${currency}`;
}

/** Free text as a part of a metric, which may hold no `|`. */
export function escapeMetric(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('|', '%7C');
}

export function unescapeMetric(metric: string): string {
  return metric.replaceAll('%7C', '|').replaceAll('%25', '%');
}
