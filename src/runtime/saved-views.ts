import type { Kept } from './kept.ts';

export const MAX_VIEWS = 200;

/** A view of the page that the shop has kept under a name. */
export interface SavedView {
  readonly id: string;
  readonly name: string;
  /** What stands behind `?` in the page's address. */
  readonly query: string;
  readonly savedAt: string;
}

/** One place for all processes. */
export interface SavedViews {
  list(): Promise<readonly SavedView[]>;
  /** In the place of what had the id. */
  put(view: SavedView): Promise<Kept>;
  remove(id: string): Promise<boolean>;
}
