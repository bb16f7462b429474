import type { ComponentChildren } from 'preact';
import type { Data } from '../../api/answers.ts';
import type { Loaded } from '../../api/use-answer.ts';
import type { Column } from '../../panel/columns.ts';
import { Panel } from '../../panel/panel.tsx';
import { CHOICES, oneOf } from '../../view.ts';
import { said } from '../../words/said.ts';
import type { SectionProps } from '../section.ts';
import { GroupChoice } from './group-choice.tsx';
import { SALES_COLUMNS, SALES_KEYS } from './sales-columns.ts';

/** Products that are put together, by a level of their category or by their brand. */
export interface Group extends Omit<Data<'/v1/brands'>[number], 'brand'> {
  readonly name: string;
}

interface GroupPanelProps extends SectionProps {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  /** How one of them is called. */
  readonly label: string;
  readonly called: (name: string) => string;
  readonly loaded: Loaded<'/v1/brands'> | Loaded<'/v1/categories'>;
  /** What they are parts of, and the way back. */
  readonly figures?: ComponentChildren;
  readonly rows: readonly Group[];
  readonly allRows: () => Promise<readonly Group[]>;
  readonly onMore: (() => void) | undefined;
  readonly onChoose: (name: string) => void;
}

export function GroupPanel({ view, change, called, label, onChoose, ...props }: GroupPanelProps) {
  const by = oneOf(SALES_KEYS, view.by);
  const columns: readonly Column<Group>[] = [
    { key: 'name', label, as: 'text', of: ({ name }) => called(name) },
    ...SALES_COLUMNS,
  ];
  return (
    <Panel
      {...props}
      isUnfiltered
      empty={said('No product was looked at in this period.')}
      controls={<GroupChoice group={view.group} change={change} />}
      onChoose={({ name }) => onChoose(name)}
      sort={{ by, keys: SALES_KEYS, onSort: (key) => change({ by: oneOf(CHOICES.by, key) }) }}
      span={2}
      height={346}
      columns={columns.map((column) => ({ ...column, bar: column.key === by }))}
    />
  );
}
