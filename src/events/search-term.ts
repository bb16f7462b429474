/** What searches count as that name somebody: the term would outlive an erasure. */
const PERSONAL = '(personal)';

/** Ids that are shorter are words that others search for as well. */
const TELLING_LENGTH = 6;

const ADDRESS = /[^\s@]@[^\s@]+\.[^\s@]/;
const OF_A_WORD = /[\p{L}\p{N}]/u;

/** Case and spaces folded; empty where there is nothing in it. */
function foldTerm(term: string): string {
  return term.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** The term that a visitor's search counts as: folded, and none that holds an e-mail address or names the visitor. */
export function countedTerm(written: string, visitor: string): string {
  const term = foldTerm(written);
  return term !== '' && (ADDRESS.test(term) || isNamedIn(term, foldTerm(visitor))) ? PERSONAL : term;
}

/** A short id has to be the whole term, a long one stands in it as a word. */
function isNamedIn(term: string, id: string): boolean {
  if (term === id) return true;
  if (id.length < TELLING_LENGTH) return false;
  for (let at = term.indexOf(id); at !== -1; at = term.indexOf(id, at + 1)) {
    const [before, after] = [term.slice(0, at).at(-1) ?? '', term.charAt(at + id.length)];
    if (!OF_A_WORD.test(before) && !OF_A_WORD.test(after)) return true;
  }
  return false;
}
