import { expect } from 'vitest';
import type { Oracle } from '../oracle/oracle.ts';
import type { Json, TestSystem } from '../system/system.ts';
import { expectCatalogue } from './catalogue.ts';
import { expectShop } from './shop.ts';

const DAY = 86_400_000;

/** The plain count of one period, and the API asked for the same. */
export interface Comparison {
  readonly get: (path: string) => Promise<Json>;
  /** Every row of a list, page by page. */
  readonly rows: (path: string) => Promise<Json[]>;
  readonly oracle: Oracle;
  /** Query part that names the period. */
  readonly range: string;
  readonly from: number;
  readonly to: number;
  readonly sum: (what: string) => number;
  readonly under: (prefix: string) => Map<string, number>;
  /** Units are counted by the thousand. */
  readonly units: (what: string) => number;
}

type Asked = Pick<TestSystem, 'get' | 'request'>;

/** @param range `from=…&to=…` as dates, or as date-times in UTC */
export function comparison({ get, request }: Asked, oracle: Oracle, range: string): Comparison {
  const params = new URLSearchParams(range);
  const [first = '', last = ''] = [params.get('from') ?? '', params.get('to') ?? ''];
  const from = Date.parse(first);
  const to = last.length === 10 ? Date.parse(last) + DAY : Date.parse(last);
  const { ledger } = oracle;
  const rows = async (path: string): Promise<Json[]> => {
    const all: Json[] = [];
    let cursor = '';
    do {
      const page: Json = await (await request(`${path}${cursor}`)).json();
      all.push(...page.data);
      cursor = page.meta.next_cursor === undefined ? '' : `&cursor=${page.meta.next_cursor}`;
    } while (cursor !== '');
    return all;
  };
  return {
    get,
    rows,
    oracle,
    range,
    from,
    to,
    sum: (what) => ledger.sum(what, from, to),
    under: (prefix) => ledger.under(prefix, from, to),
    units: (what) => ledger.sum(what, from, to) / 1_000,
  };
}

/** Every exact answer of the API for the period equals the oracle's; users lie within the standard error's reach. */
export async function expectAnswers(system: Asked, oracle: Oracle, range: string): Promise<void> {
  const compared = comparison(system, oracle, range);
  await expectShop(compared);
  await expectCatalogue(compared);
}

/** The greatest first; ties by name. */
export function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

/** Five standard errors of a HyperLogLog, and a little for small numbers. */
export function expectNear(actual: number, exact: number): void {
  expect(Math.abs(actual - exact)).toBeLessThanOrEqual(Math.max(3, exact * 0.0405));
}

export const inCents = (amount: number): number => Math.round(amount * 100);
