/** Where long words of heads may be broken: browsers do not know it in every language. */
export const hyphens: readonly string[] = [];
