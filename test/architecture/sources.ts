import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export interface Source {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

const slashed = (path: string): string => relative(root, path).split(sep).join('/');

/** Every TypeScript file under a folder. */
export function sourcesIn(folder: string): Source[] {
  return readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: slashed(path), text: readFileSync(path, 'utf8') }));
}

/** Folders in a folder, by name. */
export function foldersIn(folder: string): string[] {
  return readdirSync(resolve(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** The folder and all below it, each with the number of its own files. */
export function foldersUnder(folder: string): { readonly path: string; readonly files: number }[] {
  const files = readdirSync(resolve(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).length;
  return [{ path: folder, files }, ...foldersIn(folder).flatMap((name) => foldersUnder(`${folder}/${name}`))];
}

/** What is run, without what is said about it. */
export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1');
}
