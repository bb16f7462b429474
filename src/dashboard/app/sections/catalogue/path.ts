/** The levels of a category, as the API and the URL name them. */
export const LEVELS = ['category', 'category2', 'category3', 'category4', 'category5'] as const;

/** As the API calls the category or brand of products that have none. */
export const NONE = '(none)';

type Path = Readonly<Record<(typeof LEVELS)[number], string>>;

/** The category that is looked into, from its first level on; a level behind a gap is of none. */
export function pathOf(view: Path): readonly string[] {
  const levels = LEVELS.map((level) => view[level]);
  const end = levels.indexOf('');
  return end === -1 ? levels : levels.slice(0, end);
}

/** What the URL has of a path; its other levels are empty. */
export const inView = (path: readonly string[]): Path => ({
  category: path[0] ?? '',
  category2: path[1] ?? '',
  category3: path[2] ?? '',
  category4: path[3] ?? '',
  category5: path[4] ?? '',
});

/** Has a level nothing by which what is above it could be told apart? */
export const isLeaf = (path: readonly string[], names: readonly string[]): boolean =>
  path.length > 0 && names.every((name) => name === NONE);
