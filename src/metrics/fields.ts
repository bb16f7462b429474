/**
 * Fields of counters: `metric` over all cities, `metric|city` for one. Metrics hold no `|`, a city may.
 */
export function inCity(metric: string, city: string | undefined): string {
  return city === undefined ? metric : cityField(metric, city);
}

/** The same few texts are asked for with every event; made once, they are found in maps without being compared. */
const MADE_LIMIT = 2_000;

/** Joins two texts, and remembers what it made. */
export function joining(separator: string): (first: string, second: string) => string {
  const made = new Map<string, Map<string, string>>();
  return (first, second) => {
    let ofSecond = made.get(second);
    if (ofSecond === undefined) {
      if (made.size >= MADE_LIMIT) made.clear();
      ofSecond = new Map();
      made.set(second, ofSecond);
    }
    const known = ofSecond.get(first);
    if (known !== undefined) return known;
    if (ofSecond.size >= MADE_LIMIT) ofSecond.clear();
    const joined = `${first}${separator}${second}`;
    ofSecond.set(first, joined);
    return joined;
  };
}

const cityField = joining('|');

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
