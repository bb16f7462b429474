const FIRST_ROWS = 1_024;
/** No such value in the event. */
export const ABSENT = -1;

/** A growing column of numbers. */
export class NumberColumn {
  private values = new Float64Array(FIRST_ROWS);

  at(row: number): number {
    return this.values[row] ?? Number.NaN;
  }

  set(row: number, value: number): void {
    if (row >= this.values.length) this.values = grown(this.values, new Float64Array(sizeFor(row)));
    this.values[row] = value;
  }
}

/** A growing column of whole numbers of 32 bits, as places and numbers of dictionaries are: they are read without being boxed. */
export class IdColumn {
  private values = new Int32Array(FIRST_ROWS);

  at(row: number): number {
    return this.values[row] ?? ABSENT;
  }

  set(row: number, value: number): void {
    if (row >= this.values.length) this.values = grown(this.values, new Int32Array(sizeFor(row)));
    this.values[row] = value;
  }
}

/** A growing column of sets of flags, each a bit of sixteen. */
export class FlagColumn {
  private values = new Uint16Array(FIRST_ROWS);

  /** Does it have any of these flags? */
  has(row: number, flags: number): boolean {
    return ((this.values[row] ?? 0) & flags) !== 0;
  }

  of(row: number): number {
    return this.values[row] ?? 0;
  }

  add(row: number, flags: number): void {
    if (row >= this.values.length) this.values = grown(this.values, new Uint16Array(sizeFor(row)));
    this.values[row] = (this.values[row] ?? 0) | flags;
  }

  remove(row: number, flags: number): void {
    if (row < this.values.length) this.values[row] = (this.values[row] ?? 0) & ~flags;
  }
}

function sizeFor(row: number): number {
  let size = FIRST_ROWS;
  while (size <= row) size *= 2;
  return size;
}

function grown<T extends Float64Array | Int32Array | Uint16Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

/** A column of texts that hardly ever repeat: where their bytes lie, and the text itself only where it is asked for. */
export class TextColumn {
  private readonly from = new IdColumn();
  private readonly to = new IdColumn();
  private readonly texts: (string | undefined)[] = [];
  private readonly source: readonly Buffer[];

  /** @param source the bytes that each row was read from */
  constructor(source: readonly Buffer[]) {
    this.source = source;
  }

  at(row: number): string | undefined {
    const known = this.texts[row];
    if (known !== undefined) return known;
    const from = this.from.at(row);
    if (from === ABSENT) return undefined;
    const made = this.source[row]?.toString('utf8', from, this.to.at(row));
    this.texts[row] = made;
    return made;
  }

  /** Where in its source the text begins, and ends. */
  begins(row: number): number {
    return this.from.at(row);
  }

  ends(row: number): number {
    return this.to.at(row);
  }

  set(row: number, text: string | undefined): void {
    this.from.set(row, ABSENT);
    this.texts[row] = text;
  }

  /** The text lies in the row's source. */
  setRange(row: number, from: number, to: number): void {
    this.from.set(row, from);
    this.to.set(row, to);
    this.texts[row] = undefined;
  }

  clear(): void {
    this.texts.length = 0;
  }
}
