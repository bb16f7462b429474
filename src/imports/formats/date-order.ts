import type { Calendar } from '../../time/calendar.ts';
import type { Repair } from './format.ts';

const ISO_LIKE = /^(\d{4})-(\d{2})-(\d{2}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `12/1/2010` is the first of December, unless the file has a date such as `13/12/2010`: then its days come first. */
export class DateOrder {
  private dayFirst: { readonly text: string; readonly line: number } | undefined;
  private isMonthFirst = false;

  note(text: string, line: number): void {
    const parts = SLASHED.exec(text);
    if (parts === null) return;
    if (Number(parts[1]) > 12) this.dayFirst ??= { text, line };
    if (Number(parts[2]) > 12) this.isMonthFirst = true;
  }

  /** Is there no telling? */
  get isMixed(): boolean {
    return this.dayFirst !== undefined && this.isMonthFirst;
  }

  repairs(column: string): Repair[] {
    if (this.dayFirst === undefined || this.isMixed) return [];
    const { text, line } = this.dayFirst;
    return [{ line, column, message: `${text} shows that days come before months; read so in the whole file` }];
  }

  /** The moment in the calendar's zone, or undefined. */
  moment(text: string, calendar: Calendar): number | undefined {
    const parts = ISO_LIKE.exec(text)?.slice(1) ?? this.slashed(text);
    if (parts === undefined) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) => Number(part ?? 0));
    return calendar.moment({ year, month, day, hour, minute, second });
  }

  private slashed(text: string): (string | undefined)[] | undefined {
    const parts = SLASHED.exec(text);
    if (parts === null || this.isMixed) return undefined;
    const [, first, second, year, ...time] = parts;
    return this.dayFirst === undefined ? [year, first, second, ...time] : [year, second, first, ...time];
  }
}
