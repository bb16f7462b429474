import type { Data } from '../../api/answers.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import type { Column } from '../../panel/columns.ts';
import { Panel } from '../../panel/panel.tsx';
import { useRoom } from '../../panel/use-room.ts';
import { formatCount, formatMoney } from '../../text/format.ts';
import { words } from '../../words/words.ts';
import { calledValue } from '../dimensions/dimension.ts';
import type { SectionProps } from '../section.ts';

type Order = Data<'/v1/reconciliations/{id}'>['rows'][number];

/** The orders of one comparison that differ, one by one, and why. */
export function DifferentOrders({ view: { reconciliation }, change }: SectionProps) {
  const { orders: says } = words().accuracy;
  const { limit, onMore } = useRoom(50);
  const loaded = useAnswer(
    '/v1/reconciliations/{id}',
    { limit },
    { params: { id: reconciliation }, everyMs: Number.POSITIVE_INFINITY },
  );
  const data = answerOf(loaded)?.data;
  return (
    <Panel
      title={says.title}
      name="different-orders"
      {...(data && { hint: says.hint(formatCount(data.orders), formatCount(data.same)) })}
      span={3}
      height={120}
      loaded={loaded}
      empty={says.empty}
      controls={
        <button type="button" onClick={() => change({ reconciliation: '' })}>
          {says.close}
        </button>
      }
      columns={columns()}
      rows={data?.rows ?? []}
      onMore={onMore}
    />
  );
}

const amount = (of: Order['ledger']): string => (of === null ? '–' : formatMoney(of.amount, of.currency));

function columns(): Column<Order>[] {
  const { orders: says } = words().accuracy;
  return [
    { key: 'order_id', label: says.order, as: 'text' },
    { key: 'kind', label: says.what, as: 'text', of: ({ kind }) => says.kinds[kind] },
    { key: 'reason', label: says.why, as: 'text', of: ({ reason }) => (reason ? says.reasons[reason] : says.unknown) },
    { key: 'detail', label: says.detail, as: 'text', of: ({ detail }) => detail ?? '–' },
    { key: 'date', label: says.date, as: 'day' },
    { key: 'channel', label: says.channel, as: 'text', of: ({ channel }) => calledValue(channel ?? '–') },
    { key: 'ledger', label: says.ledger, as: 'text', of: ({ ledger }) => amount(ledger) },
    { key: 'counted', label: says.counted, as: 'text', of: ({ counted }) => amount(counted) },
  ];
}
