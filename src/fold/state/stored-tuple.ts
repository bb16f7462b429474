/** What is stored is nothing that this version, or one before it, has written. */
export class CorruptState extends Error {
  readonly code = 'corrupt-state';
  readonly retryable = false;
}

/** A stored JSON array, each place of it checked as it is read: a schema would cost a tenth of all that counting allocates. */
export class StoredTuple {
  private readonly values: readonly unknown[];

  private constructor(values: unknown) {
    if (!Array.isArray(values)) throw new CorruptState(`a stored list is ${show(values)}`);
    this.values = values;
  }

  static parse(text: string): StoredTuple {
    try {
      return new StoredTuple(JSON.parse(text));
    } catch (error) {
      throw error instanceof SyntaxError ? new CorruptState(`stored state is no JSON: ${show(text)}`) : error;
    }
  }

  has(at: number): boolean {
    return at < this.values.length;
  }

  isNull(at: number): boolean {
    return this.values[at] === null;
  }

  text(at: number): string {
    const value = this.values[at];
    return typeof value === 'string' ? value : this.fail(at, 'a text');
  }

  number(at: number): number {
    const value = this.values[at];
    return typeof value === 'number' ? value : this.fail(at, 'a number');
  }

  numberOrNull(at: number): number | null {
    return this.isNull(at) ? null : this.number(at);
  }

  textOrNull(at: number): string | null {
    return this.isNull(at) ? null : this.text(at);
  }

  oneOf<const T extends string>(at: number, known: readonly T[]): T {
    return known.find((one) => one === this.values[at]) ?? this.fail(at, known.join(' or '));
  }

  numbers(at: number): number[] {
    const value = this.values[at];
    return areNumbers(value) ? value : this.fail(at, 'a list of numbers');
  }

  texts(at: number): string[] {
    const value = this.values[at];
    return areTexts(value) ? value : this.fail(at, 'a list of texts');
  }

  tuple(at: number): StoredTuple {
    return new StoredTuple(this.values[at]);
  }

  /** Of a list of lists, each of these. */
  each(): StoredTuple[] {
    return this.values.map((one) => new StoredTuple(one));
  }

  tuples(at: number): StoredTuple[] {
    const value = this.values[at];
    return Array.isArray(value) ? value.map((one) => new StoredTuple(one)) : this.fail(at, 'a list of lists');
  }

  private fail(at: number, expected: string): never {
    throw new CorruptState(`stored state holds ${show(this.values[at])} at place ${at} where ${expected} belongs`);
  }
}

const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const SHOWN = 100;
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, SHOWN);
