import { useShop } from '../shop.ts';
import { type Format, format, isText } from '../text/format.ts';

interface Look<T> {
  readonly label: string;
  readonly as: Format;
  /** A bar behind the number, as long as its share of the greatest. */
  readonly bar?: boolean;
  /** Of the amount, where it is not that of all. */
  readonly currency?: (row: T) => string;
}

/** A field of a row, or what is made of one. */
export type Column<T> = Look<T> &
  (
    | { readonly key: keyof T & string; readonly of?: undefined }
    | { readonly key: string; readonly of: (row: T) => string | number | null | undefined }
  );

export const readCell = <T,>(column: Column<T>, row: T): unknown =>
  column.of === undefined ? row[column.key] : column.of(row);

const amountOf = <T,>(column: Column<T>, row: T): number => Number(readCell(column, row)) || 0;

export interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** What choosing a row does, and which one is chosen. */
  readonly onChoose?: ((row: T) => void) | undefined;
  readonly chosen?: ((row: T) => boolean) | undefined;
}

/** What scrolls is reached by keyboard and has a name, yet is no landmark beside the panel that it lies in. */
const scroller = (name: string) => ({ role: 'group' as const, tabIndex: 0, 'aria-label': `${name}, table` });

export function Table<T>({ caption, columns, rows, onChoose, chosen }: TableProps<T>) {
  const barred = columns.filter(({ bar }) => bar);
  const greatest = new Map(
    barred.map((column) => [column.key, Math.max(...rows.map((row) => amountOf(column, row)), 0)]),
  );
  const first = columns.findIndex(({ as }) => isText(as));
  return (
    <div class="scroll" {...scroller(caption)}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, label, as }) => (
              <th key={key} scope="col" class={isText(as) ? '' : 'number'}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={chosen?.(row) ? 'chosen' : ''}>
              {columns.map((column, j) => (
                <Cell
                  key={column.key}
                  column={column}
                  row={row}
                  most={greatest.get(column.key)}
                  {...(j === first && onChoose && { onChoose: () => onChoose(row) })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps<T> {
  readonly column: Column<T>;
  readonly row: T;
  readonly most: number | undefined;
  readonly onChoose?: () => void;
}

function Cell<T>({ column, row, most, onChoose }: CellProps<T>) {
  const { currency, timezone } = useShop();
  const { as, bar } = column;
  const shown = format(readCell(column, row), as, { timezone, currency: column.currency?.(row) ?? currency });
  if (onChoose)
    return (
      <th scope="row">
        <button type="button" class="link" onClick={onChoose}>
          {shown}
        </button>
      </th>
    );
  if (isText(as)) return <td class={as}>{shown}</td>;
  const share = bar && most ? Math.max(0, amountOf(column, row)) / most : 0;
  return (
    <td class="number">
      {bar && <span class="bar" style={{ width: `${Math.round(share * 100)}%` }} />}
      <span class="value">{shown}</span>
    </td>
  );
}
