import { askAll } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { formatMove } from '../../text/format.ts';
import { comparedIn } from '../../view.ts';
import { amid, said } from '../../words/said.ts';
import type { SectionProps } from '../section.ts';
import { breakdownOf, calledDimension, calledIn, choosing } from './dimension.ts';

/** Each dimension but the one that is ranked, side by side: where visits come from, and what they bring. */
export function EachDimension(props: SectionProps) {
  const shop = useShop();
  const ranked = breakdownOf(props.view, shop);
  return (
    <>
      {shop.dimensions
        .filter((name) => name !== ranked)
        .map((name) => (
          <OneDimension key={name} dimension={name} {...props} />
        ))}
    </>
  );
}

interface OneDimensionProps extends SectionProps {
  readonly dimension: string;
}

function OneDimension({ dimension, ...props }: OneDimensionProps) {
  const { from, to, currency, refreshMs } = useShop();
  const compare = comparedIn(props.view);
  const query = { from, to, currency, compare, rank_by: 'sessions' } as const;
  const params = { dimension };
  const path = '/v1/breakdowns/{dimension}';
  const loaded = useAnswer(path, { ...query, limit: 6 }, { params, everyMs: 2 * refreshMs });
  const rows = answerOf(loaded)?.data ?? [];
  return (
    <Panel
      title={said('By {dimension}', { dimension: amid(calledDimension(dimension)) })}
      name={`by-${dimension}`}
      isUnfiltered
      loaded={loaded}
      empty={said('Nobody has visited in this period.')}
      height={200}
      {...choosing(props, dimension)}
      columns={[
        { key: 'value', label: calledDimension(dimension), as: 'text', of: (row) => calledIn(row, dimension) },
        { key: 'sessions', label: said('Sessions'), as: 'count', bar: true },
        { key: 'orders', label: said('Orders'), as: 'count' },
        { key: 'revenue', label: said('Revenue'), as: 'money' },
        ...(compare
          ? [
              {
                key: 'change',
                label: said('Moved'),
                as: 'move' as const,
                of: ({ sessions, previous }: (typeof rows)[number]) =>
                  previous && formatMove(sessions, previous.sessions, false),
              },
            ]
          : []),
      ]}
      rows={rows}
      allRows={() => askAll(path, query, params)}
    />
  );
}
