/** Positions, the second one excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What of a range none of the others have. */
export function missingOf({ from, to }: Range, others: readonly Range[]): Range[] {
  const missing: Range[] = [];
  let at = from;
  for (const other of [...others].sort((a, b) => a.from - b.from)) {
    if (other.to <= at) continue;
    if (other.from >= to) break;
    if (other.from > at) missing.push({ from: at, to: other.from });
    at = other.to;
  }
  return at < to ? [...missing, { from: at, to }] : missing;
}

/** Neighbours, in order, between which nothing is missing that is not written, and that are no more than so many bytes together. */
export function runsOf<F extends Range & { readonly bytes: number }>(
  files: readonly F[],
  written: readonly Range[],
  mostBytes: number,
): F[][] {
  const runs: F[][] = [];
  let run: F[] = [];
  let bytes = 0;
  for (const file of files) {
    const before = run.at(-1);
    const isNext = before !== undefined && missingOf({ from: before.to, to: file.from }, written).length === 0;
    if (!isNext || bytes + file.bytes > mostBytes) {
      run = [];
      bytes = 0;
      runs.push(run);
    }
    run.push(file);
    bytes += file.bytes;
  }
  return runs;
}
