import { useState } from 'preact/hooks';
import type { PathParams, Row } from '../../api/answers.ts';
import { calledRefusal } from '../../api/problem.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { LabelledChoice } from '../../panel/choice.tsx';
import { Panel } from '../../panel/panel.tsx';
import { sayRejection } from '../../text/rejection.ts';
import { language } from '../../words/language.ts';
import { said } from '../../words/said.ts';

const PATH = '/v1/connect/{way}';
const EVERY_MS = 5_000;
type Way = PathParams<typeof PATH>['way'];
type Request = Row<typeof PATH>;

const names = (): Readonly<Record<Way, string>> => ({
  snippet: said('Snippet'),
  gtag: said('Google tag'),
  'measurement-protocol': 'Measurement Protocol',
  segment: 'Segment, RudderStack',
  shopify: 'Shopify',
  woocommerce: 'WooCommerce',
  medusa: 'Medusa',
});
const WAYS = [
  'snippet',
  'gtag',
  'measurement-protocol',
  'segment',
  'shopify',
  'woocommerce',
  'medusa',
] as const satisfies readonly Way[];

/** What the server says is English; who reads another language is told first in theirs what kind of refusal it is. */
const sayRefusal = (detail: string, type = ''): string =>
  language() === 'en' ? detail : `${calledRefusal(type) ?? ''} ${detail}`.trim();

/** Why a request, or some of its events, did not count. */
const whyNot = ({ type, detail, rejected, bots = 0 }: Request): string =>
  [
    ...(detail === undefined
      ? rejected.map(({ path, message }) => `${path} ${sayRejection(message)}`)
      : [sayRefusal(detail, type)]),
    ...(bots > 0 ? [said('sent by a known bot')] : []),
  ].join('; ');

/** What became of the last requests of a way in; the snippet's are those of the command by hand as well. */
export function LastRequests() {
  const [way, setWay] = useState<Way>('snippet');
  const called = names();
  const loaded = useAnswer(PATH, { limit: 20 }, { params: { way }, everyMs: EVERY_MS });
  // It names clients, so only admin keys see it; for others there is no such panel.
  if (loaded.state === 'failed' && (loaded.problem.status === 403 || loaded.problem.status === 401)) return null;
  return (
    <Panel
      title={said('Last requests')}
      name="last-requests"
      span={3}
      hint={said('What became of each, newest first')}
      loaded={loaded}
      empty={said('Nothing has come this way in 30 days, neither taken nor refused.')}
      controls={
        <LabelledChoice
          label={said('Way')}
          value={way}
          options={WAYS}
          called={(one) => called[one]}
          onChoose={setWay}
        />
      }
      height={200}
      columns={[
        { key: 'at', label: said('At'), as: 'moment' },
        { key: 'status', label: said('Answer'), as: 'text' },
        { key: 'accepted', label: said('Counted'), as: 'count' },
        { key: 'ignored', label: said('Ignored'), as: 'count' },
        { key: 'refused', label: said('Refused'), as: 'count' },
        { key: 'why', label: said('Why not'), as: 'text', of: whyNot },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}
