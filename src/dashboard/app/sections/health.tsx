import { useAnswer } from '../api.ts';
import { maybe, num, rowOf, rowsOf } from '../data.ts';
import { formatCount } from '../format.ts';
import { Figure, Panel } from '../panel.tsx';

/** Is it right, and up to date? */
export function Health({ currency }: { readonly currency: string }) {
  const loaded = useAnswer('/v1/pipeline', {});
  const letters = useAnswer('/v1/dead-letters', { limit: 20 });
  // Messages may hold anything, so only admin keys see them; for others there is no such panel.
  const allowed = !(letters.state === 'failed' && (letters.problem.status === 403 || letters.problem.status === 401));
  return (
    <>
      <Panel
        title="Pipeline"
        hint="How far counting stands behind the events, and what takes memory"
        loaded={loaded}
        currency={currency}
        empty=""
        show={({ data }) => {
          const row = rowOf(data);
          const freshness = rowOf(row['freshness_ms']);
          const ms = (key: string): string =>
            maybe(freshness[key]) === null ? '–' : `${formatCount(num(freshness[key]))} ms`;
          return {
            columns: [
              { key: 'family', label: 'Memory by family', as: 'text' },
              { key: 'keys', label: 'Keys', as: 'count' },
              { key: 'bytes', label: 'Bytes', as: 'bytes', bar: true },
            ],
            rows: rowsOf(row['memory']).slice(0, 12),
            figures: (
              <dl class="figures">
                <Figure name="lag" label="Events waiting" value={formatCount(num(row['lag_events']))} />
                <Figure label="Age, half within" value={ms('p50')} />
                <Figure label="Age, 99 % within" value={ms('p99')} />
                <Figure label="Counted per second" value={formatCount(Math.round(num(row['events_per_second'])))} />
                <Figure name="rejected" label="Rejected" value={formatCount(num(row['rejected']))} />
                <Figure name="duplicates" label="Duplicates" value={formatCount(num(row['duplicates']))} />
                <Figure name="missing" label="Lost from the log" value={formatCount(num(row['missing']))} />
                <Figure label="Carts to publish" value={formatCount(num(rowOf(row['outbox'])['waiting']))} />
              </dl>
            ),
          };
        }}
      />
      {allowed && (
        <Panel
          title="Dead letters"
          span={2}
          hint="Messages that could not be counted, newest first"
          loaded={letters}
          currency={currency}
          empty="Every message could be counted."
          show={({ data }) => ({
            columns: [
              { key: 'at', label: 'At', as: 'time' },
              { key: 'reason', label: 'Reason', as: 'text' },
              { key: 'topic', label: 'Topic', as: 'text' },
              { key: 'message', label: 'Message', as: 'text' },
            ],
            rows: rowsOf(data),
          })}
        />
      )}
    </>
  );
}
