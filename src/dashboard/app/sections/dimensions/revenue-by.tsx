import { askWhole } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { amid, said } from '../../words/said.ts';
import type { SectionProps } from '../section.ts';
import { breakdownOf, calledDimension, calledIn, choosing } from './dimension.ts';
import { DimensionChoice } from './dimension-choice.tsx';

/** What each value of a dimension brought in, side by side. */
export function RevenueBy(props: SectionProps) {
  const shop = useShop();
  const { from, to, currency, refreshMs } = shop;
  const dimension = breakdownOf(props.view, shop);
  const query = { from, to, currency, interval: 'day', breakdown: dimension } as const;
  const loaded = useAnswer('/v1/revenue', { ...query, limit: 10 }, { everyMs: refreshMs });
  const rows = answerOf(loaded)?.data.breakdown ?? [];
  const all = answerOf(loaded)?.data.revenue ?? 0;
  return (
    <Panel
      title={said('Revenue by')}
      name="revenue-by"
      isUnfiltered
      hint={said(
        'All orders, by {dimension}; amounts are of those in {currency}. Choose one and the whole page follows',
        {
          currency,
          dimension: amid(calledDimension(dimension)),
        },
      )}
      loaded={loaded}
      empty={said('Nothing was sold in this period.')}
      controls={<DimensionChoice {...props} label={said('Revenue broken down')} />}
      span={3}
      height={346}
      {...choosing(props, dimension)}
      columns={[
        { key: 'value', label: calledDimension(dimension), as: 'text', of: (row) => calledIn(row, dimension) },
        { key: 'orders', label: said('Orders'), as: 'count' },
        { key: 'units', label: said('Units'), as: 'count' },
        { key: 'revenue', label: said('Revenue'), as: 'money', bar: true },
        { key: 'share', label: said('Share'), as: 'rate', of: ({ revenue }) => (all === 0 ? null : revenue / all) },
        { key: 'refunds', label: said('Refunds'), as: 'money' },
        { key: 'average_order_value', label: said('Average order'), as: 'money' },
      ]}
      rows={rows}
      allRows={async () => (await askWhole('/v1/revenue', { ...query, limit: 1_000 })).data.breakdown ?? []}
    />
  );
}
