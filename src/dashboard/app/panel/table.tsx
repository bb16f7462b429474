import { useState } from 'preact/hooks';
import { useShop } from '../shop.ts';
import { format, isText } from '../text/format.ts';
import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { amountOf, type Column, readCell, sortedBy } from './columns.ts';

/** By which column the server sorts, and which others it can sort by. */
export interface Sort {
  readonly by: string;
  readonly keys: readonly string[];
  readonly onSort: (key: string) => void;
}

export interface TableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** What choosing a row does, and which one is chosen. */
  readonly onChoose?: ((row: T) => void) | undefined;
  readonly chosen?: ((row: T) => boolean) | undefined;
  readonly sort?: Sort;
  /** All rows are here, so that they can be sorted here. */
  readonly isWhole?: boolean;
}

/** Rows in their order, and what a press on each head does: the server sorts, or the table where it has all rows. */
function useSorting<T>({ rows, columns, sort, isWhole = false }: TableProps<T>) {
  const [own, setOwn] = useState('');
  if (sort) {
    const sorting = (key: string) => (sort.keys.includes(key) ? () => sort.onSort(key) : undefined);
    return { rows, by: sort.by, sorting };
  }
  const numbers = columns.filter(({ as }) => !isText(as));
  const column = isWhole ? numbers.find(({ key }) => key === own) : undefined;
  const canSort = (key: string): boolean => isWhole && rows.length > 1 && numbers.some((one) => one.key === key);
  const sorting = (key: string) => (canSort(key) ? () => setOwn(own === key ? '' : key) : undefined);
  return { rows: sortedBy(rows, column), by: column?.key, sorting };
}

/** What scrolls is reached by keyboard and has a name, yet is no landmark beside the panel that it lies in. */
export const scroller = (label: string) => ({ role: 'group' as const, tabIndex: 0, 'aria-label': label });

export function Table<T>(props: TableProps<T>) {
  const { caption, columns, onChoose, chosen } = props;
  const { rows, by, sorting } = useSorting(props);
  const barred = columns.filter(({ bar }) => bar);
  const greatest = new Map(
    barred.map((column) => [column.key, Math.max(...rows.map((row) => amountOf(column, row, rows)), 0)]),
  );
  const opener = columns.find(({ opens }) => opens) ?? columns.find(({ as }) => isText(as));
  return (
    <div class="scroll" {...scroller(said('{caption}, table', { caption }))}>
      <table>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                class={classOf(column, column === opener)}
                aria-sort={column.key === by ? 'descending' : undefined}
              >
                <Head label={column.label} onSort={sorting(column.key)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i} class={chosen?.(row) ? 'chosen' : ''}>
              {columns.map((column) => (
                <Cell
                  key={column.key}
                  column={column}
                  row={row}
                  rows={rows}
                  isLead={column === opener}
                  most={greatest.get(column.key)}
                  {...(column === opener &&
                    onChoose &&
                    readCell(column, row, rows) != null && { onChoose: () => onChoose(row) })}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a row is about stays in sight where the others are scrolled. */
const classOf = <T,>({ as }: Column<T>, isLead: boolean): string =>
  [isText(as) ? as : 'number', ...(isLead ? ['lead'] : [])].join(' ');

interface HeadProps {
  readonly label: string;
  readonly onSort: (() => void) | undefined;
}

/** Soft hyphens are read out by nobody, and seen where a column is narrow. */
const hyphenated = (label: string): string =>
  words().hyphens.reduce((text, word) => text.replace(word.replace('-', ''), word.replace('-', '\u00AD')), label);

function Head({ label, onSort }: HeadProps) {
  const text = hyphenated(label);
  if (onSort === undefined) return <>{text}</>;
  return (
    <button type="button" class="sort" onClick={onSort}>
      {text}
    </button>
  );
}

interface CellProps<T> {
  readonly column: Column<T>;
  readonly row: T;
  readonly rows: readonly T[];
  readonly isLead: boolean;
  readonly most: number | undefined;
  readonly onChoose?: () => void;
}

function Cell<T>({ column, row, rows, isLead, most, onChoose }: CellProps<T>) {
  const { currency, timezone } = useShop();
  const { as, bar } = column;
  const shown = format(readCell(column, row, rows), as, { timezone, currency: column.currency?.(row) ?? currency });
  if (onChoose)
    return (
      <th scope="row" class={classOf(column, isLead)}>
        <button type="button" class="link" onClick={onChoose}>
          {shown}
        </button>
      </th>
    );
  if (isText(as)) return <td class={classOf(column, isLead)}>{shown}</td>;
  const share = bar && most ? Math.max(0, amountOf(column, row, rows)) / most : 0;
  return (
    <td class="number">
      {bar && <span class="bar" style={{ width: `${Math.round(share * 100)}%` }} />}
      <span class="value">{shown}</span>
    </td>
  );
}
