import type { Data } from '../api/answers.ts';
import { answerOf, useAnswer } from '../api/use-answer.ts';
import { Figure } from '../panel/figure.tsx';
import { Panel } from '../panel/panel.tsx';
import { writeCount } from '../text/format.ts';
import { sayRejection } from '../text/rejection.ts';
import { said } from '../words/said.ts';

/** Is it right, and up to date? */
export function Health() {
  return (
    <>
      <Pipeline />
      <DeadLetters />
    </>
  );
}

const MOST_FAMILIES = 12;

function Pipeline() {
  const loaded = useAnswer('/v1/pipeline', {});
  const data = answerOf(loaded)?.data;
  const memory = data?.memory ?? [];
  return (
    <Panel
      title={said('Pipeline')}
      name="pipeline"
      hint={said('How far counting stands behind the events, and what takes memory')}
      loaded={loaded}
      empty=""
      height={130}
      columns={[
        { key: 'family', label: said('Memory by family'), as: 'text' },
        { key: 'keys', label: said('Keys'), as: 'count' },
        { key: 'bytes', label: said('Bytes'), as: 'bytes', bar: true },
      ]}
      rows={memory.slice(0, MOST_FAMILIES)}
      allRows={async () => memory}
      figures={<PipelineFigures data={data} />}
    />
  );
}

function PipelineFigures({ data }: { readonly data: Data<'/v1/pipeline'> | undefined }) {
  const age = data?.freshness_ms;
  const ms = (n: number | null | undefined): string => (n == null ? '–' : `${writeCount(n)} ms`);
  return (
    <dl class="figures">
      <Figure name="lag" label={said('Events waiting')} value={writeCount(data?.lag_events)} />
      <Figure name="age_p50" label={said('Delay, usually')} value={ms(age?.p50)} />
      <Figure name="age_p99" label={said('Delay, 99 of 100')} value={ms(age?.p99)} />
      <Figure
        name="counted_per_second"
        label={said('Counted per second')}
        value={writeCount(data && Math.round(data.events_per_second))}
      />
      <Figure name="rejected" label={said('Rejected')} value={writeCount(data?.rejected)} />
      <Figure name="duplicates" label={said('Duplicates')} value={writeCount(data?.duplicates)} />
      <Figure name="missing" label={said('Lost from the log')} value={writeCount(data?.missing)} />
      <Figure name="carts_waiting" label={said('Cart messages to send')} value={writeCount(data?.outbox.waiting)} />
    </dl>
  );
}

/** Messages may hold anything, so only admin keys see them; for others there is no such panel. */
function DeadLetters() {
  const loaded = useAnswer('/v1/dead-letters', { limit: 20 }, { everyMs: 30_000 });
  if (loaded.state === 'failed' && (loaded.problem.status === 403 || loaded.problem.status === 401)) return null;
  return (
    <Panel
      title={said('Dead letters')}
      name="dead-letters"
      span={2}
      hint={said('Messages that could not be counted, newest first')}
      loaded={loaded}
      empty={said('Every message could be counted.')}
      height={300}
      columns={[
        { key: 'at', label: said('At'), as: 'moment' },
        { key: 'reason', label: said('Reason'), as: 'text', of: ({ reason }) => sayRejection(reason) },
        { key: 'topic', label: said('Topic'), as: 'text' },
        { key: 'message', label: said('Message'), as: 'text' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
