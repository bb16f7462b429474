const NONE = -1;

/** The fields of a JSON object by their names' bytes: told by length and first byte, then compared whole. */
export class FieldNames {
  /** By length of the name. */
  private readonly byLength: { readonly bytes: Uint8Array; readonly field: number }[][] = [];

  /** A field's number is its place in the list. */
  constructor(names: readonly string[]) {
    for (const [field, name] of names.entries()) {
      const bytes = new Uint8Array(Buffer.from(name));
      let same = this.byLength[bytes.length];
      if (same === undefined) {
        same = [];
        this.byLength[bytes.length] = same;
      }
      same.push({ bytes, field });
    }
  }

  /** The number of the field named in `bytes` from `from` to before `to`, or a negative number. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const candidates = this.byLength[to - from];
    if (candidates === undefined) return NONE;
    for (const { bytes: name, field } of candidates) {
      let i = 0;
      while (i < name.length && name[i] === bytes[from + i]) i++;
      if (i === name.length) return field;
    }
    return NONE;
  }
}
