import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/ask.ts';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatCount } from '../text/format.ts';

interface HealthProps {
  readonly currency: string;
}

/** Is it right, and up to date? */
export function Health(props: HealthProps) {
  return (
    <>
      <Pipeline {...props} />
      <DeadLetters {...props} />
    </>
  );
}

function Pipeline({ currency }: HealthProps) {
  const loaded = useAnswer('/v1/pipeline', {});
  const data = answerOf(loaded)?.data;
  return (
    <Panel
      title="Pipeline"
      hint="How far counting stands behind the events, and what takes memory"
      loaded={loaded}
      currency={currency}
      empty=""
      columns={[
        { key: 'family', label: 'Memory by family', as: 'text' },
        { key: 'keys', label: 'Keys', as: 'count' },
        { key: 'bytes', label: 'Bytes', as: 'bytes', bar: true },
      ]}
      rows={data?.memory.slice(0, 12) ?? []}
      figures={data && <PipelineFigures data={data} />}
    />
  );
}

function PipelineFigures({ data }: { readonly data: Data<'/v1/pipeline'> }) {
  const { freshness_ms: age, outbox } = data;
  const ms = (n: number | null): string => (n === null ? '–' : `${formatCount(n)} ms`);
  return (
    <dl class="figures">
      <Figure name="lag" label="Events waiting" value={formatCount(data.lag_events)} />
      <Figure label="Age, half within" value={ms(age.p50)} />
      <Figure label="Age, 99 % within" value={ms(age.p99)} />
      <Figure label="Counted per second" value={formatCount(Math.round(data.events_per_second))} />
      <Figure name="rejected" label="Rejected" value={formatCount(data.rejected)} />
      <Figure name="duplicates" label="Duplicates" value={formatCount(data.duplicates)} />
      <Figure name="missing" label="Lost from the log" value={formatCount(data.missing)} />
      <Figure label="Carts to publish" value={formatCount(outbox.waiting)} />
    </dl>
  );
}

/** Messages may hold anything, so only admin keys see them; for others there is no such panel. */
function DeadLetters({ currency }: HealthProps) {
  const loaded = useAnswer('/v1/dead-letters', { limit: 20 });
  if (loaded.state === 'failed' && (loaded.problem.status === 403 || loaded.problem.status === 401)) return null;
  return (
    <Panel
      title="Dead letters"
      span={2}
      hint="Messages that could not be counted, newest first"
      loaded={loaded}
      currency={currency}
      empty="Every message could be counted."
      columns={[
        { key: 'at', label: 'At', as: 'time' },
        { key: 'reason', label: 'Reason', as: 'text' },
        { key: 'topic', label: 'Topic', as: 'text' },
        { key: 'message', label: 'Message', as: 'text' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
