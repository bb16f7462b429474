import { BrokenFile } from '../problems.ts';

/** Bounds of what a file makes us remember: its orders, and rows that wait for others of their order. */
export const LIMITS = { orders: 1_000_000, scatteredRows: 1_000_000 };

interface Known {
  lastLine: number;
  rows: number;
  isScattered: boolean;
}

/** Which row of an order is its last one: its rows may stand anywhere in a file. */
export class LastRows {
  private readonly known = new Map<string, Known>();
  private readonly limits: typeof LIMITS;
  private previous: string | undefined;
  private scatteredRows = 0;

  constructor(limits: typeof LIMITS = LIMITS) {
    this.limits = limits;
  }

  /** @throws BrokenFile where there is too much to remember */
  note(order: string, line: number): void {
    const known = this.known.get(order);
    if (known === undefined) this.add(order, line);
    else this.extend(known, order, line);
    this.previous = order;
  }

  isLast(order: string, line: number): boolean {
    return this.known.get(order)?.lastLine === line;
  }

  private add(order: string, line: number): void {
    if (this.known.size === this.limits.orders)
      throw new BrokenFile(`a file may hold at most ${this.limits.orders} orders; split it here`, line);
    this.known.set(order, { lastLine: line, rows: 1, isScattered: false });
  }

  private extend(known: Known, order: string, line: number): void {
    if (!known.isScattered && order !== this.previous) {
      known.isScattered = true;
      this.scatteredRows += known.rows;
    }
    known.lastLine = line;
    known.rows += 1;
    if (!known.isScattered) return;
    this.scatteredRows += 1;
    if (this.scatteredRows > this.limits.scatteredRows)
      throw new BrokenFile('rows of too many orders stand apart; sort the file by its orders', line);
  }
}
