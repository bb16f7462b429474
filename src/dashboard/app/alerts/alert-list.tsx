import { useShop } from '../shop.ts';
import { formatPrecise } from '../text/format.ts';
import { formatMoment } from '../text/time.ts';
import { words } from '../words/words.ts';
import { calledCondition, calledNumber } from './described.ts';
import type { Alert } from './watch.ts';

interface AlertListProps {
  readonly alerts: readonly Alert[];
  /** Nothing where the key may not. */
  readonly onRemove: ((id: string) => void) | undefined;
}

const SHOWN_TURNS = 5;

/** Alerts there are: how each stands, and when it happened. */
export function AlertList({ alerts, onRemove }: AlertListProps) {
  return (
    <ul class="alerts">
      {alerts.map((alert) => (
        <Item key={alert.id} alert={alert} onRemove={onRemove} />
      ))}
    </ul>
  );
}

function Item({ alert, onRemove }: Pick<AlertListProps, 'onRemove'> & { readonly alert: Alert }) {
  const { alerts: says } = words();
  const { timezone } = useShop();
  const { id, name, status, since, value, expected, source } = alert;
  const state = [
    says.status[status],
    ...(since === undefined ? [] : [says.since(formatMoment(since, timezone))]),
    ...(value === undefined ? [] : [says.value(formatPrecise(value))]),
    ...(expected === undefined ? [] : [says.usually(formatPrecise(expected))]),
  ];
  const targets = alert.to.map(({ by, host }) => says.to(says.ways[by], host));
  return (
    <li data-alert={name} data-status={status}>
      <div class="group">
        <b class="name">{name}</b>
        {onRemove && source === 'made' && (
          <button type="button" aria-label={says.remove(name)} onClick={() => onRemove(id)}>
            ✕
          </button>
        )}
      </div>
      <span>
        {calledNumber(alert)}: {calledCondition(alert)}
      </span>
      <span class="status">{state.join(', ')}</span>
      <span class="quiet">
        {targets.join('; ')}
        {source === 'settings' && `; ${says.settings}`}
      </span>
      <History alert={alert} />
    </li>
  );
}

function History({ alert: { history } }: { readonly alert: Alert }) {
  const { alerts: says } = words();
  const { timezone } = useShop();
  if (history.length === 0) return <span class="quiet">{says.never}</span>;
  return (
    <ul class="quiet">
      {history.slice(0, SHOWN_TURNS).map(({ turn, at, value, expected }, i) => (
        <li key={i}>
          {says.turn(says.turns[turn], formatMoment(at, timezone), formatPrecise(value))}
          {expected !== undefined && ` (${says.usually(formatPrecise(expected))})`}
        </li>
      ))}
    </ul>
  );
}
