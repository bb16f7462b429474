/** Case and spaces folded; empty where there is nothing in it. */
export function foldTerm(term: string): string {
  return term.trim().replace(/\s+/g, ' ').toLowerCase();
}
