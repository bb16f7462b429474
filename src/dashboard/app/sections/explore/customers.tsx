import type { Data } from '../../api/answers.ts';
import { answerOf } from '../../api/use-answer.ts';
import { useArchive } from '../../api/use-archive.ts';
import { Choice } from '../../panel/choice.tsx';
import { Figure } from '../../panel/figure.tsx';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { formatCount, formatMoney, formatRate, writeCount, writeMoney } from '../../text/format.ts';
import { words } from '../../words/words.ts';
import { calledDimension, calledValue, usualOf } from '../dimensions/dimension.ts';
import { type SectionProps, sumOf } from '../section.ts';
import { HeatGrid, type HeatRow } from './heat-grid.tsx';

type Answer = Data<'/v1/explore/customers'>;
type Segment = Answer['segments'][number];

const BUILT_IN = ['city', 'country', 'device', 'channel', 'source', 'campaign', 'store'] as const;
const FIFTHS = [1, 2, 3, 4, 5] as const;

/** Customers by how recent, frequent and rich their orders are, and what they come to by where they came from. */
export function Customers({ view, change }: SectionProps) {
  const { from, to, currency, dimensions } = useShop();
  const { customers: says, longer } = words().explore;
  const { waiting } = words().archive;
  const offered = BUILT_IN.filter((name) => dimensions.includes(name));
  const first = offered.find((name) => name === view.first) ?? BUILT_IN.find((name) => name === usualOf(dimensions));
  const loaded = useArchive('/v1/explore/customers', { from, to, currency, first });
  const data = answerOf(loaded)?.data;
  const segments = data?.segments ?? [];
  return (
    <>
      <Panel
        title={says.title}
        isUnfiltered
        name="customers"
        hint={from === to ? longer : says.hint}
        span={3}
        height={190}
        loaded={loaded}
        waiting={waiting}
        empty={says.empty}
        figures={data !== undefined && data.customers > 0 && <Sums data={data} currency={currency} />}
        columns={[
          { key: 'recency', label: says.recency, as: 'count' },
          { key: 'frequency', label: says.frequency, as: 'count' },
          { key: 'money', label: says.money, as: 'count' },
          { key: 'customers', label: says.customers, as: 'count', bar: true },
          { key: 'orders', label: says.orders, as: 'count' },
          { key: 'revenue', label: says.revenue, as: 'money' },
        ]}
        rows={segments}
        chart={
          <HeatGrid
            label={says.label}
            heads={[says.recency, ...FIFTHS.map(says.frequent)]}
            rows={FIFTHS.toReversed().map((recency) => heatRow(recency, segments, currency))}
          />
        }
      />
      <Panel
        title={says.lifetime}
        isUnfiltered
        name="lifetime"
        hint={says.lifetimeHint}
        span={3}
        height={200}
        loaded={loaded}
        waiting={waiting}
        empty={says.empty}
        controls={
          <Choice
            label={says.first}
            value={first ?? 'city'}
            options={offered}
            called={(name) => calledDimension(name)}
            onChoose={(name) => change({ first: name })}
          />
        }
        columns={[
          {
            key: 'value',
            label: calledDimension(first ?? ''),
            as: 'text',
            of: ({ value }) => calledValue(value ?? says.nowhere),
          },
          { key: 'customers', label: says.customers, as: 'count' },
          { key: 'orders', label: says.orders, as: 'count' },
          { key: 'revenue', label: says.revenue, as: 'money' },
          { key: 'revenue_per_customer', label: says.each, as: 'money', bar: true },
          { key: 'returning_rate', label: says.returning, as: 'rate' },
        ]}
        rows={data?.lifetime ?? []}
      />
    </>
  );
}

function Sums({ data, currency }: { readonly data: Answer; readonly currency: string }) {
  const { customers: says } = words().explore;
  const each = data.customers === 0 ? null : data.revenue / data.customers;
  return (
    <dl class="figures">
      <Figure name="customers" label={says.customers} value={writeCount(data.customers)} />
      <Figure name="customer_orders" label={says.orders} value={writeCount(data.orders)} />
      <Figure name="customer_revenue" label={says.revenue} value={writeMoney(data.revenue, currency)} />
      <Figure name="revenue_each" label={says.each} value={writeMoney(each, currency)} />
    </dl>
  );
}

/** One fifth by recency, cut into those by frequency. */
function heatRow(recency: number, segments: readonly Segment[], currency: string): HeatRow {
  const { customers: says } = words().explore;
  const all = sumOf(segments.map(({ customers }) => customers));
  return {
    name: says.recent(recency),
    lead: [],
    cells: FIFTHS.map((frequency) => {
      const those = segments.filter((one) => one.recency === recency && one.frequency === frequency);
      const customers = sumOf(those.map((one) => one.customers));
      if (customers === 0) return { text: '–', shade: 0 };
      const share = customers / all;
      const revenue = formatMoney(sumOf(those.map((one) => one.revenue)), currency);
      // Were they spread evenly, each of 25 would have a 25th.
      return { text: formatCount(customers), shade: share * 12, says: says.worth(formatRate(share), revenue) };
    }),
  };
}
