/** How many letters apart two names may be: longer names leave room for more mistakes. */
const mostApart = (name: string): number => (name.length < 7 ? 1 : 2);

/** The known name that was probably meant, if another one was written by mistake. */
export function nearName(written: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, apart: apart(written, name) }))
    .filter(({ name, apart: letters }) => letters > 0 && letters <= mostApart(name));
  return near.sort((a, b) => a.apart - b.apart)[0]?.name;
}

/** Letters that are added, left out, changed, or two that are swapped. */
function apart(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const changed = (last[j - 1] ?? 0) + (isSame ? 0 : 1);
      const moved = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(changed, moved, isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
