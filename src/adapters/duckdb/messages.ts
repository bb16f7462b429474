/** What a process that runs DuckDB is asked, and what it says. */
export interface Asked {
  readonly id: number;
  /** Absent where the query of this number is to be given up. */
  readonly sql?: string;
  /** Where the query is a stranger's: what it finds as the table `events`. It may be a single SELECT and nothing else. */
  readonly foreignTable?: string;
  readonly maxRows?: number;
}

export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };
export type Row = Readonly<Record<string, Cell>>;

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Row[];
  /** There were more rows than were asked for. */
  readonly isCut: boolean;
}

export type Said =
  | { readonly id: number; readonly table: Table }
  | { readonly id: number; readonly error: string; readonly isRefused: boolean };
