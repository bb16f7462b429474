import { useState } from 'preact/hooks';
import { useAnswer } from '../api.ts';
import { rowsOf, text } from '../data.ts';
import { Panel } from '../panel.tsx';
import type { SectionProps } from './context.ts';

/** What runs low, and what is out. */
export function Stock({ view, change, currency }: SectionProps) {
  const [status, setStatus] = useState('low');
  const loaded = useAnswer('/v1/inventory', { from: view.from, to: view.to, status, threshold: 20, limit: 12 });
  return (
    <Panel
      title="Inventory"
      hint={status === 'low' ? 'At most 20 left' : 'Lost sales are estimated from the hours with stock'}
      loaded={loaded}
      span={2}
      currency={currency}
      empty={status === 'low' ? 'Nothing runs low.' : 'Nothing is out of stock.'}
      onChoose={(row) => change({ product: text(row['item_id']) })}
      controls={
        <select aria-label="Which stock" value={status} onChange={(e) => setStatus(e.currentTarget.value)}>
          <option value="low">low</option>
          <option value="out">out of stock</option>
          <option value="">all, lowest first</option>
        </select>
      }
      show={({ data }) => ({
        columns: [
          { key: 'item_name', label: 'Item', as: 'text' },
          { key: 'stock_level', label: 'Stock', as: 'count' },
          { key: 'views', label: 'Views', as: 'count' },
          { key: 'units', label: 'Sold', as: 'count' },
          { key: 'hours_of_stock_left', label: 'Hours left', as: 'decimal' },
          { key: 'out_of_stock_hours', label: 'Hours out', as: 'count' },
          { key: 'lost_sales', label: 'Lost sales, about', as: 'decimal' },
        ],
        rows: rowsOf(data).map((row) => ({ ...row, item_name: row['item_name'] ?? row['item_id'] })),
      })}
    />
  );
}
