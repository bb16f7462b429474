/** GA4's five levels, the widest first. */
export const CATEGORY_LEVELS = 5;

/** Control characters, which no plainly written text holds; where one does all the same, it is escaped. */
const [BETWEEN, ESCAPE] = ['\u001f', '\u001b'];
const isSpecial = (text: string): boolean => text.includes(BETWEEN) || text.includes(ESCAPE);

/** A category's levels as one text; empty where none is named. A text of the first level alone is that text, unless it holds these. */
export function categoryPath(levels: readonly (string | undefined)[]): string {
  let last = levels.length;
  while (last > 0 && levels[last - 1] === undefined) last -= 1;
  return levels
    .slice(0, last)
    .map((level) => escaped(level ?? ''))
    .join(BETWEEN);
}

/** A path's levels; those that it does not name are undefined. */
export function levelsOf(path: string): (string | undefined)[] {
  return path.split(BETWEEN).map((level) => (level === '' ? undefined : unescaped(level)));
}

function escaped(level: string): string {
  return isSpecial(level) ? level.replaceAll(ESCAPE, `${ESCAPE}0`).replaceAll(BETWEEN, `${ESCAPE}1`) : level;
}

function unescaped(level: string): string {
  return isSpecial(level) ? level.replaceAll(`${ESCAPE}1`, BETWEEN).replaceAll(`${ESCAPE}0`, ESCAPE) : level;
}
