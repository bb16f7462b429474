import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Path } from '../api/answers.ts';
import type { Answered, Loaded } from '../api/ask.ts';
import { download, toCsv } from './csv.ts';
import { Table, type TableProps } from './table.tsx';

interface PanelProps<T> extends Pick<TableProps<T>, 'columns' | 'rows' | 'currency' | 'onChoose' | 'chosen'> {
  readonly title: string;
  readonly hint?: string;
  readonly loaded: Loaded<Path>;
  /** What to say where there are no rows. */
  readonly empty: string;
  /** The chart of the same numbers; a table alone where there is none. */
  readonly chart?: ComponentChildren;
  /** Single numbers above it. */
  readonly figures?: ComponentChildren;
  readonly controls?: ComponentChildren;
  /** Columns of the page that it takes where there is room. */
  readonly span?: 2 | 3;
}

/** One question with its answer as a chart, as a table and as CSV; and what to do where there is none. */
export function Panel<T>(props: PanelProps<T>) {
  const { title, hint, loaded, columns, rows, chart, figures, controls, span } = props;
  const [asTable, setAsTable] = useState(false);
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  const isLoaded = loaded.state === 'loaded';
  const hasRows = isLoaded && rows.length > 0;
  const isEmpty = isLoaded && !hasRows && !figures;
  return (
    <section
      class={`panel${span === undefined ? '' : span === 2 ? ' two' : ' wide'}`}
      aria-labelledby={id}
      data-panel={id}
      data-state={isEmpty ? 'empty' : loaded.state}
    >
      <header>
        <div>
          <h3 id={id}>{title}</h3>
          {hint && <p class="hint">{hint}</p>}
        </div>
        <div class="tools">
          {controls}
          {isLoaded && chart && (
            <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              Table
            </button>
          )}
          {hasRows && (
            <button type="button" onClick={() => download(id, toCsv(columns, rows))}>
              CSV
            </button>
          )}
        </div>
      </header>
      {loaded.state === 'loading' && <p class="state">Loading …</p>}
      {loaded.state === 'failed' && (
        <p class="state failed" role="alert">
          {loaded.problem.message}
        </p>
      )}
      {isLoaded && figures}
      {isEmpty && <p class="state">{props.empty}</p>}
      {hasRows && chart && !asTable && chart}
      {hasRows && (asTable || !chart) && <Table {...props} caption={title} />}
      {isLoaded && <Notes loaded={loaded} />}
    </section>
  );
}

function Notes({ loaded: { answer, stale } }: { readonly loaded: Answered<Path> }) {
  const { meta } = answer;
  const truncated = 'truncated' in meta ? (meta.truncated ?? []) : [];
  return (
    <>
      {stale && <p class="note">The server does not answer; these are the last numbers, as of {meta.as_of}.</p>}
      {truncated.length > 0 && <p class="note">Shortened to the most frequent: {truncated.join(', ')}.</p>}
    </>
  );
}
