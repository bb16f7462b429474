/**
 * Fields of counters: `metric` over all cities, `metric|city` for one. Metrics hold no `|`, a city may.
 */
export function inCity(metric: string, city: string | undefined): string {
  if (city === undefined) return metric;
  const ofCity = made.get(city) ?? remember(city);
  const known = ofCity.get(metric);
  if (known !== undefined) return known;
  if (ofCity.size >= MADE_LIMIT) ofCity.clear();
  const field = `${metric}|${city}`;
  ofCity.set(metric, field);
  return field;
}

/** The same few fields are asked for with every event; made once, they are found in maps without being compared. */
const MADE_LIMIT = 2_000;
const made = new Map<string, Map<string, string>>();

function remember(city: string): Map<string, string> {
  if (made.size >= MADE_LIMIT) made.clear();
  const ofCity = new Map<string, string>();
  made.set(city, ofCity);
  return ofCity;
}

/** Metric and city of a field; no city where it is the sum over all. */
export function splitField(field: string): { readonly metric: string; readonly city: string | undefined } {
  const at = field.indexOf('|');
  return at < 0 ? { metric: field, city: undefined } : { metric: field.slice(0, at), city: field.slice(at + 1) };
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
