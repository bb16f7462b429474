import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Path } from '../api/answers.ts';
import type { Answered, Loaded } from '../api/use-answer.ts';
import { useShop } from '../shop.ts';
import { formatMoment } from '../text/time.ts';
import { said } from '../words/said.ts';
import { Table, type TableProps } from './table.tsx';
import { CsvButton } from './tools/csv-button.tsx';
import { PngButton } from './tools/png-button.tsx';
import { Unfiltered } from './unfiltered.tsx';
import { Why } from './why.tsx';

interface PanelProps<T> extends Pick<TableProps<T>, 'columns' | 'rows' | 'onChoose' | 'chosen' | 'sort'> {
  readonly title: string;
  /** Of the panel in the page, and of its files, in whatever language its title is. */
  readonly name: string;
  readonly hint?: string;
  /** Its numbers are those of the whole shop, whatever the view is filtered by. */
  readonly isUnfiltered?: boolean;
  readonly loaded: Loaded<Path>;
  /** What to say while it is asked, where that may take long. */
  readonly waiting?: string;
  /** What to say where there are no rows. */
  readonly empty: string;
  /** The chart of the same numbers; a table alone where there is none. */
  readonly chart?: ComponentChildren;
  /** Single numbers above it, which keep their place while they are not known. */
  readonly figures?: ComponentChildren;
  readonly controls?: ComponentChildren;
  /** Columns of the page that it takes where there is room. */
  readonly span?: 2 | 3;
  /** Pixels that are kept for chart or table, so that nothing moves when it comes. */
  readonly height: number;
  /** All rows, for a file, where more may be had than are shown. */
  readonly allRows?: () => Promise<readonly T[]>;
  /** Asks for more rows, where the server has them. */
  readonly onMore?: (() => void) | undefined;
}

/** One question with its answer as a chart, as a table and as CSV; and what to do where there is none. */
export function Panel<T>(props: PanelProps<T>) {
  const { title, name: id, hint, loaded, columns, rows, chart, figures, controls, span } = props;
  const [asTable, setAsTable] = useState(false);
  const isLoaded = loaded.state === 'loaded';
  const isFailed = loaded.state === 'failed';
  const hasRows = isLoaded && rows.length > 0;
  const isEmpty = isLoaded && !hasRows;
  const body = useKeptHeight(props.height, isLoaded);
  return (
    <section
      ref={loaded.watch}
      class={`panel${span === undefined ? '' : span === 2 ? ' two' : ' wide'}`}
      aria-labelledby={id}
      aria-busy={loaded.state === 'loading'}
      data-panel={id}
      data-state={isEmpty && !figures ? 'empty' : loaded.state}
    >
      <header>
        <div>
          <h3 id={id} tabIndex={-1}>
            {title}
          </h3>
          {hint && <p class="hint">{hint}</p>}
          {props.isUnfiltered && <Unfiltered />}
        </div>
        <div class="tools">
          {controls}
          {chart && <TableSwitch title={title} disabled={!hasRows} pressed={asTable} onSwitch={setAsTable} />}
          {chart && (
            <PngButton
              name={id}
              title={title}
              disabled={!hasRows || asTable}
              chartOf={() => body.ref.current?.querySelector('.chart')}
            />
          )}
          <CsvButton name={id} title={title} columns={columns} rows={hasRows ? rows : []} allRows={props.allRows} />
        </div>
      </header>
      {!isFailed && figures}
      <div class="body" {...body}>
        {loaded.state === 'loading' && <p class="state">{props.waiting ?? said('Loading …')}</p>}
        {isFailed && (
          <p class={loaded.problem.status === 404 ? 'state' : 'state failed'} role="alert">
            <Why problem={loaded.problem} />
          </p>
        )}
        {isEmpty && props.empty !== '' && <p class="state">{props.empty}</p>}
        {hasRows && chart && !asTable && chart}
        {hasRows && (asTable || !chart) && <Table {...props} caption={title} isWhole={props.allRows === undefined} />}
        {hasRows && props.onMore && hasMore(loaded) && (
          <button
            type="button"
            class="more"
            aria-label={said('Show more of {title}', { title })}
            onClick={props.onMore}
          >
            {said('Show more')}
          </button>
        )}
        {isLoaded && <Notes loaded={loaded} />}
      </div>
    </section>
  );
}

const hasMore = (loaded: Loaded<Path>): boolean =>
  loaded.state === 'loaded' && 'next_cursor' in loaded.answer.meta && loaded.answer.meta.next_cursor !== undefined;

interface TableSwitchProps {
  readonly title: string;
  readonly disabled: boolean;
  readonly pressed: boolean;
  readonly onSwitch: (asTable: boolean) => void;
}

function TableSwitch({ title, disabled, pressed, onSwitch }: TableSwitchProps) {
  const label = said('{title} as a table', { title });
  return (
    <button
      type="button"
      disabled={disabled}
      aria-pressed={pressed}
      aria-label={label}
      onClick={() => onSwitch(!pressed)}
    >
      {said('Table')}
    </button>
  );
}

/** The height that is kept at least: the usual one, and while another answer is awaited that of the last. */
function useKeptHeight(usual: number, isLoaded: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const last = useRef(usual);
  useLayoutEffect(() => {
    if (isLoaded) last.current = ref.current?.offsetHeight ?? usual;
  });
  return { ref, style: { minHeight: `${isLoaded ? usual : Math.max(usual, last.current)}px` } };
}

function Notes({ loaded: { answer, stale } }: { readonly loaded: Answered<Path> }) {
  const { timezone } = useShop();
  const { meta } = answer;
  const truncated = 'truncated' in meta ? (meta.truncated ?? []) : [];
  return (
    <>
      {stale && (
        <p class="note">
          {said('The server does not answer; these are the last numbers, as of {time}.', {
            time: formatMoment(meta.as_of, timezone, true),
          })}
        </p>
      )}
      {truncated.length > 0 && (
        <p class="note">{said('Shortened to the most frequent: {names}.', { names: truncated.join(', ') })}</p>
      )}
    </>
  );
}
