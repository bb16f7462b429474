import type { OracleEvent } from './events.ts';

const PERSONAL = '(personal)';

/** The term that a search counts as; empty where there is none. */
export function termOf({ search_term: written = '', user_id: user = '' }: OracleEvent): string {
  const words = written.toLowerCase().split(/\s+/).filter(Boolean);
  const term = words.join(' ');
  const id = user.toLowerCase();
  if (words.some((word) => word.split('@').length > 1 && /.@[^@]+\../.test(word))) return PERSONAL;
  if (term !== '' && term === id) return PERSONAL;
  // Long ids stand in a term as a word: cut out, they leave no letter or digit beside the cut.
  const parts = id.length < 6 ? [term] : term.split(id);
  const isNamed = parts.some(
    (part, i) => i > 0 && !/[\p{L}\p{N}]$/u.test(parts[i - 1] ?? '') && !/^[\p{L}\p{N}]/u.test(part),
  );
  return isNamed ? PERSONAL : term;
}
