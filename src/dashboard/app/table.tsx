import type { Row } from './data.ts';
import { type Format, format } from './format.ts';

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly as: Format;
  /** A bar behind the number, as long as its share of the greatest. */
  readonly bar?: boolean;
}

export interface TableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly currency: string;
  /** What choosing a row does, and which one is chosen. */
  readonly onChoose?: (row: Row) => void;
  readonly chosen?: (row: Row) => boolean;
}

export function Table({ caption, columns, rows, currency, onChoose, chosen }: TableProps) {
  const greatest = new Map(
    columns.filter(({ bar }) => bar).map(({ key }) => [key, Math.max(...rows.map((row) => Number(row[key]) || 0), 0)]),
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

const firstText = (columns: readonly Column[]): number => columns.findIndex(({ as }) => as === 'text');

interface CellProps {
  readonly column: Column;
  readonly row: Row;
  readonly currency: string;
  readonly most: number | undefined;
  readonly onChoose?: () => void;
}

function Cell({ column: { key, as, bar }, row, currency, most, onChoose }: CellProps) {
  const shown = format(row[key], as, currency);
  if (onChoose)
    return (
      <th scope="row">
        <button type="button" class="link" onClick={onChoose}>
          {shown}
        </button>
      </th>
    );
  if (as === 'text' || as === 'time') return <td>{shown}</td>;
  const share = bar && most ? Math.max(0, Number(row[key]) || 0) / most : 0;
  return (
    <td class="number">
      {bar && <span class="bar" style={{ width: `${Math.round(share * 100)}%` }} />}
      <span class="value">{shown}</span>
    </td>
  );
}
