import type { Counts, HistoryEntry, Ranked } from '../../../metrics/reader.ts';

/** So many are looked at in one go. */
const AT_ONCE = 10_000;

/** Replies of shards, windows and parts of a call add up. */
export const addingTo =
  (sums: Map<string, number> = new Map()) =>
  (member: string, n: number): void => {
    sums.set(member, (sums.get(member) ?? 0) + n);
  };

export const addingAt =
  (totals: number[]) =>
  (place: number, n: number): void => {
    totals[place] = (totals[place] ?? 0) + n;
  };

/** Of stamped values. */
export const keepingGreatest =
  (stamps: Map<string, string>) =>
  (field: string, stamp: string): void => {
    const known = stamps.get(field);
    if (known === undefined || known < stamp) stamps.set(field, stamp);
  };

export const newestFirst = (a: HistoryEntry, b: HistoryEntry): number =>
  b.atMs - a.atMs || (a.member < b.member ? 1 : -1);

/** Hashes hold thousands of fields: without pairs made for looking at them. */
export function eachPair(flat: readonly string[], use: (field: string, value: string) => void): void {
  for (let i = 0; i + 1 < flat.length; i += 2) use(flat[i] ?? '', flat[i + 1] ?? '');
}

/** The members with the greatest sums above 0, ties by member: hundreds of thousands are not sorted for the sake of ten. */
export async function greatest(sums: Counts, limit: number, pause: () => Promise<void>): Promise<Ranked[]> {
  const first: Ranked[] = [];
  let last: Ranked | undefined;
  let looked = 0;
  const cut = (): void => {
    first.sort(byScore);
    if (first.length > limit) first.length = limit;
    last = first.length === limit ? first.at(-1) : undefined;
  };
  for (const [member, score] of sums) {
    if (++looked % AT_ONCE === 0) await pause();
    if (score <= 0 || (last !== undefined && byScore({ member, score }, last) >= 0)) continue;
    first.push({ member, score });
    if (first.length >= 2 * Math.max(limit, AT_ONCE)) cut();
  }
  cut();
  return first;
}

function byScore(a: Ranked, b: Ranked): number {
  return b.score - a.score || (a.member < b.member ? -1 : 1);
}
