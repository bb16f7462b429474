import { formatPrecise } from '../text/format.ts';
import { words } from '../words/words.ts';
import { type Alert, COMPARISONS } from './watch.ts';

type Asked = Pick<Alert, 'answer' | 'field'> & { readonly filter?: Readonly<Record<string, string>> | undefined };

const PRODUCT = /^products\/([^/]+)$/;

/** What the number of an alert is called: in words of the shop where the page knows it, else as the API has it. */
export function calledNumber({ answer, field, filter = {} }: Asked): string {
  const { numbers, ordersOf, worthFrom, inCurrency } = words().alerts;
  const [, item] = PRODUCT.exec(answer) ?? [];
  const ofItem = item !== undefined && field === 'orders' ? ordersOf(decoded(item)) : undefined;
  const known = ofItem ?? new Map<string, string>(Object.entries(numbers)).get(`${answer} ${field}`);
  if (known === undefined) return [`${field} (/v1/${answer})`, ...Object.values(filter)].join(', ');
  const least = filter['min_value'];
  const which = least === undefined ? known : worthFrom(known, formatPrecise(Number(least)));
  return filter['currency'] === undefined ? which : inCurrency(which, filter['currency']);
}

/** When an alert tells, in a line. */
export function calledCondition(alert: Alert): string {
  const { conditions, within, lasting, today, minutes } = words().alerts;
  const given = new Map<string, number>(Object.entries(alert.when));
  const is = COMPARISONS.find((one) => given.has(one));
  const over = alert.over_minutes;
  return [
    ...(is === undefined ? [] : [conditions[is](formatPrecise(given.get(is) ?? 0))]),
    over === undefined ? today : within(minutes(over)),
    ...(alert.for_minutes ? [lasting(minutes(alert.for_minutes))] : []),
  ].join(', ');
}

/** What is written otherwise stands for itself, as it does for the server. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
