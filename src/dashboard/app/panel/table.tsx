import { type Format, format } from '../text/format.ts';

interface Look {
  readonly label: string;
  readonly as: Format;
  /** A bar behind the number, as long as its share of the greatest. */
  readonly bar?: boolean;
}

/** A field of a row, or what is made of one. */
export type Column<T> = Look &
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
  readonly currency: string;
  /** What choosing a row does, and which one is chosen. */
  readonly onChoose?: ((row: T) => void) | undefined;
  readonly chosen?: ((row: T) => boolean) | undefined;
}

export function Table<T>({ caption, columns, rows, currency, onChoose, chosen }: TableProps<T>) {
  const barred = columns.filter(({ bar }) => bar);
  const greatest = new Map(
    barred.map((column) => [column.key, Math.max(...rows.map((row) => amountOf(column, row)), 0)]),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, label, as }) => (
              <th key={key} scope="col" class={as === 'text' || as === 'time' ? '' : 'number'}>
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
                  currency={currency}
                  most={greatest.get(column.key)}
                  {...(j === firstText(columns) && onChoose && { onChoose: () => onChoose(row) })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const firstText = (columns: readonly Look[]): number => columns.findIndex(({ as }) => as === 'text');

interface CellProps<T> {
  readonly column: Column<T>;
  readonly row: T;
  readonly currency: string;
  readonly most: number | undefined;
  readonly onChoose?: () => void;
}

function Cell<T>({ column, row, currency, most, onChoose }: CellProps<T>) {
  const { as, bar } = column;
  const shown = format(readCell(column, row), as, currency);
  if (onChoose)
    return (
      <th scope="row">
        <button type="button" class="link" onClick={onChoose}>
          {shown}
        </button>
      </th>
    );
  if (as === 'text' || as === 'time') return <td>{shown}</td>;
  const share = bar && most ? Math.max(0, amountOf(column, row)) / most : 0;
  return (
    <td class="number">
      {bar && <span class="bar" style={{ width: `${Math.round(share * 100)}%` }} />}
      <span class="value">{shown}</span>
    </td>
  );
}
