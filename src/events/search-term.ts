/** A search term as it is counted: case and spaces folded. Empty where there is nothing in it. */
export function foldTerm(term: string | undefined): string {
  return (term ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
}
