import { useState } from 'preact/hooks';
import { useShop } from '../../shop.ts';
import { said } from '../../words/said.ts';
import type { Column } from '../columns.ts';
import { csvFile, download, fileOf, toCsv } from './csv.ts';

interface CsvButtonProps<T> {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** More than are shown, where there may be. */
  readonly allRows: (() => Promise<readonly T[]>) | undefined;
}

/** All rows of the panel as a file, named by panel and period. */
export function CsvButton<T>({ name, title, columns, rows, allRows }: CsvButtonProps<T>) {
  const shop = useShop();
  const { currency } = shop;
  const [state, setState] = useState<'ready' | 'busy' | 'failed'>('ready');
  const save = async (): Promise<void> => {
    setState('busy');
    try {
      const all = allRows === undefined ? rows : await allRows();
      download(`${fileOf(name, shop)}.csv`, csvFile(toCsv(columns, all, currency)));
      setState('ready');
    } catch {
      setState('failed');
    }
  };
  return (
    <button
      type="button"
      disabled={state === 'busy' || rows.length === 0}
      aria-label={said('CSV of {title}', { title })}
      title={state === 'failed' ? said('The server did not answer; try again') : said('All rows as a file')}
      onClick={() => {
        save().catch(() => setState('failed'));
      }}
    >
      {state === 'failed' ? said('CSV: try again') : 'CSV'}
    </button>
  );
}
