import { askWhole } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import type { SectionProps } from '../section.ts';
import { breakdownOf, calledDimension, choosing, valueIn } from './dimension.ts';
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
      title="Revenue by"
      hint={`All ${currency} orders, by ${calledDimension(dimension).toLowerCase()}; choose one and the whole page follows`}
      loaded={loaded}
      empty="Nothing was sold in this period."
      controls={<DimensionChoice {...props} label="Revenue broken down" />}
      span={2}
      height={346}
      {...choosing(props, dimension)}
      columns={[
        { key: 'value', label: calledDimension(dimension), as: 'text', of: (row) => valueIn(row, dimension) },
        { key: 'orders', label: 'Orders', as: 'count' },
        { key: 'units', label: 'Units', as: 'count' },
        { key: 'revenue', label: 'Revenue', as: 'money', bar: true },
        { key: 'share', label: 'Share', as: 'rate', of: ({ revenue }) => (all === 0 ? null : revenue / all) },
        { key: 'refunds', label: 'Refunds', as: 'money' },
        { key: 'average_order_value', label: 'Average order', as: 'money' },
      ]}
      rows={rows}
      allRows={async () => (await askWhole('/v1/revenue', { ...query, limit: 1_000 })).data.breakdown ?? []}
    />
  );
}
