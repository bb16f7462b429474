import type { Data } from '../../../api/answers.ts';
import { answerOf } from '../../../api/use-answer.ts';
import { useArchive } from '../../../api/use-archive.ts';
import { Choice } from '../../../panel/choice.tsx';
import { Panel } from '../../../panel/panel.tsx';
import { useShop } from '../../../shop.ts';
import { calledInShop } from '../../../text/events.ts';
import { formatCount, formatRate } from '../../../text/format.ts';
import { CHOICES, type View } from '../../../view.ts';
import { amid } from '../../../words/said.ts';
import { words } from '../../../words/words.ts';
import { calledDimension, calledValue } from '../../dimensions/dimension.ts';
import type { SectionProps } from '../../section.ts';
import { KeptFunnels } from './kept-funnels.tsx';
import { StepList } from './step-list.tsx';
import { askedSteps, readSteps, writeSteps } from './steps.ts';

type Step = Data<'/v1/explore/funnel'>['steps'][number];

const CUTS = ['', 'channel', 'city', 'country', 'device', 'source', 'campaign', 'store', 'currency'] as const;
const cutOf = ({ cut }: View): (typeof CUTS)[number] => CUTS.find((one) => one === cut) ?? '';

/** A funnel of any steps; all of it stands in the URL. */
export function OwnFunnel(props: SectionProps) {
  const { view, change } = props;
  const { from, to } = useShop();
  const { funnel: says } = words().explore;
  const steps = readSteps(view.steps);
  const [cut, { counted: by, window }] = [cutOf(view), view];
  const query = { from, to, steps: askedSteps(steps), by, window, breakdown: cut };
  const loaded = useArchive('/v1/explore/funnel', query);
  const { steps: answer = [], breakdown = [] } = answerOf(loaded)?.data ?? {};
  const common = { loaded, waiting: words().archive.waiting, empty: says.empty };
  return (
    <>
      <section class="panel builder" aria-labelledby="funnel-steps" data-panel="funnel-steps" data-state="loaded">
        <h3 id="funnel-steps">{says.steps}</h3>
        <StepList steps={steps} onChange={(next) => change({ steps: writeSteps(next) })} />
        <Ways {...props} />
        <KeptFunnels {...props} />
      </section>
      <Panel
        {...common}
        title={says.title}
        isUnfiltered
        name="own-funnel"
        hint={by === 'visitor' ? says.hint : says.hintSession}
        span={2}
        height={240}
        columns={[
          { key: 'step', label: says.event(1), as: 'text', of: ({ step }) => calledInShop(step) },
          { key: 'count', label: says.count, as: 'count' },
          { key: 'rate_of_first', label: says.ofFirst, as: 'rate' },
          { key: 'rate_of_previous', label: says.ofPrevious, as: 'rate' },
        ]}
        rows={answer[0]?.count === 0 ? [] : answer}
        chart={<Bars steps={answer} />}
      />
      {cut !== '' && (
        <Panel
          {...common}
          title={says.byTitle}
          isUnfiltered
          name="own-funnel-by"
          span={3}
          height={240}
          columns={[
            {
              key: 'value',
              label: calledDimension(cut),
              as: 'text',
              of: ({ values }) => calledValue(values[cut] ?? says.unknown),
            },
            { key: 'count', label: says.count, as: 'count', bar: true, of: ({ steps: of }) => of[0]?.count },
            ...answer.slice(1).map(({ step }, i) => ({
              key: `step_${i + 1}`,
              label: `${i + 2}. ${calledInShop(step)}`,
              as: 'rate' as const,
              of: ({ steps: of }: (typeof breakdown)[number]) => of[i + 1]?.rate_of_first,
            })),
          ]}
          rows={breakdown}
        />
      )}
    </>
  );
}

/** Whose steps they are, within what time, and by what they are cut. */
function Ways({ view, change }: SectionProps) {
  const { funnel: says } = words().explore;
  const { dimensions } = useShop();
  const cuts = CUTS.filter((one) => one === '' || one === 'currency' || dimensions.includes(one));
  return (
    <div class="group">
      <Choice
        label={says.counted}
        value={view.counted}
        options={CHOICES.counted}
        called={(one) => says.countedBy[one]}
        onChoose={(one) => change({ counted: one })}
      />
      <Choice
        label={says.window}
        value={view.window}
        options={CHOICES.window}
        called={(one) => `${says.window} ${says.windows[one]}`}
        onChoose={(one) => change({ window: one })}
      />
      <Choice
        label={says.cut}
        value={cutOf(view)}
        options={cuts}
        called={(one) => (one === '' ? says.uncut : says.by(amid(calledDimension(one))))}
        onChoose={(one) => change({ cut: one })}
      />
    </div>
  );
}

function Bars({ steps }: { readonly steps: readonly Step[] }) {
  const { funnel: says } = words().explore;
  const rate = (n: number | null): string => formatRate(n ?? 0);
  return (
    <ol class="chart funnel">
      {steps.map(({ step, count, rate_of_first, rate_of_previous }, i) => (
        <li key={i} data-stage={step}>
          <span class="stage">
            {i + 1}. {calledInShop(step)}
          </span>
          <span class="value">{formatCount(count)}</span>
          <span class="change" />
          <span class="track">
            {count > 0 && <span class="fill" style={{ width: `${100 * (rate_of_first ?? 0)}%` }} />}
          </span>
          <span class="quiet">{i > 0 && says.shares(rate(rate_of_first), rate(rate_of_previous))}</span>
        </li>
      ))}
    </ol>
  );
}
