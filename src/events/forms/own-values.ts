import { MAX_LENGTH } from '../schema.ts';
import { type Fields, isObject, valueAt } from './fields.ts';

/** The event with the values of the shop's own dimensions under their names: what it says so itself goes first. */
export function withOwnValues(input: Fields, paths: ReadonlyMap<string, readonly string[]>): Fields {
  const given = isObject(input['dimensions']) ? input['dimensions'] : {};
  const found: [name: string, value: string][] = [];
  for (const [name, path] of paths) {
    const value = textOf(valueAt(input, path));
    if (value !== undefined && given[name] === undefined) found.push([name, value]);
  }
  return found.length === 0 ? input : { ...input, dimensions: { ...Object.fromEntries(found), ...given } };
}

/** Numbers and yes or no are values too; what is longer than a value may be is cut. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || value === '') return undefined;
  return value.length <= MAX_LENGTH.label ? value : [...value].slice(0, MAX_LENGTH.label).join('');
}
