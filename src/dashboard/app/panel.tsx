import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Answer, Loaded } from './api.ts';
import { download, toCsv } from './csv.ts';
import { num, type Row, text } from './data.ts';
import { formatChange } from './format.ts';
import { type Column, Table, type TableProps } from './table.tsx';

export interface Shown {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** The chart of the same numbers; a table alone where there is none. */
  readonly chart?: ComponentChildren;
  /** Single numbers above it. */
  readonly figures?: ComponentChildren;
}

interface PanelProps extends Pick<TableProps, 'onChoose' | 'chosen'> {
  readonly title: string;
  readonly hint?: string;
  readonly loaded: Loaded;
  readonly currency: string;
  readonly empty: string;
  readonly show: (answer: Answer) => Shown;
  readonly controls?: ComponentChildren;
  /** Columns of the page that it takes where there is room. */
  readonly span?: 2 | 3;
}

/** One question with its answer as a chart, as a table and as CSV; and what to do where there is none. */
export function Panel({ title, hint, loaded, currency, empty, show, controls, span, onChoose, chosen }: PanelProps) {
  const [asTable, setAsTable] = useState(false);
  const shown = loaded.state === 'loaded' ? show(loaded.answer) : undefined;
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  return (
    <section
      class={`panel${span === undefined ? '' : span === 2 ? ' two' : ' wide'}`}
      aria-labelledby={id}
      data-panel={id}
      data-state={stateOf(loaded, shown)}
    >
      <header>
        <div>
          <h3 id={id}>{title}</h3>
          {hint && <p class="hint">{hint}</p>}
        </div>
        <div class="tools">
          {controls}
          {shown?.chart && (
            <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              Table
            </button>
          )}
          {shown && shown.rows.length > 0 && (
            <button type="button" onClick={() => download(id, toCsv(shown.columns, shown.rows))}>
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
      {shown?.figures}
      {shown && shown.rows.length === 0 && !shown.figures && <p class="state">{empty}</p>}
      {shown && shown.rows.length > 0 && shown.chart && !asTable && shown.chart}
      {shown && shown.rows.length > 0 && (asTable || !shown.chart) && (
        <Table
          caption={title}
          columns={shown.columns}
          rows={shown.rows}
          currency={currency}
          {...(onChoose && { onChoose })}
          {...(chosen && { chosen })}
        />
      )}
      {loaded.state === 'loaded' && <Notes loaded={loaded} />}
    </section>
  );
}

function stateOf(loaded: Loaded, shown: Shown | undefined): string {
  if (loaded.state !== 'loaded') return loaded.state;
  return shown && shown.rows.length === 0 && !shown.figures ? 'empty' : 'loaded';
}

function Notes({ loaded }: { readonly loaded: Extract<Loaded, { state: 'loaded' }> }) {
  const { meta } = loaded.answer;
  const truncated = rowsOfText(meta['truncated']);
  return (
    <>
      {loaded.stale && (
        <p class="note">The server does not answer; these are the last numbers, as of {text(meta['as_of'])}.</p>
      )}
      {truncated.length > 0 && <p class="note">Shortened to the most frequent: {truncated.join(', ')}.</p>}
    </>
  );
}

const rowsOfText = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly change?: string | undefined;
  readonly name?: string;
}

export function Figure({ label, value, change, name }: FigureProps) {
  return (
    <div class="figure" data-figure={name ?? label}>
      <dt>{label}</dt>
      <dd>
        <span class="value">{value}</span>
        {change !== undefined && <span class="change">{change}</span>}
      </dd>
    </div>
  );
}

/** How each number of a row moved against the period before, where there is one. */
export function changeOf(row: Row, before: Row): (key: string) => string | undefined {
  return (key) => (before[key] === undefined ? undefined : formatChange(num(row[key]), num(before[key])));
}
