import type { Answer, Data } from '../../api/answers.ts';
import { answerOf } from '../../api/use-answer.ts';
import { useArchive } from '../../api/use-archive.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { formatCount, formatPrecise, writeRate, writeSeconds } from '../../text/format.ts';
import { formatFullDay } from '../../text/time.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';

type Day = Data<'/v1/accuracy'>['days'][number];
type Metric = Day['metrics'][number];

/** A day with its numbers, and those of them that the recount has otherwise. */
interface Checked {
  readonly date: string;
  readonly numbers: number;
  readonly wrong: readonly Metric[];
  readonly isSoFar: boolean;
  /** The archive has it. */
  readonly isRecounted: boolean;
  /** Rows of which nobody knows how they counted. */
  readonly fetched: number;
  readonly isWithoutCarts: boolean;
}

const SHOWN = 5;

/** The counted numbers beside a recount, day by day; asked only when it is opened. */
export function Recount({ view: { check }, change }: SectionProps) {
  const { from, to, today } = useShop();
  const says = words().accuracy;
  const isOpen = check === 'accuracy';
  const loaded = useArchive('/v1/accuracy', isOpen ? { from, to } : undefined);
  const toggle = (
    <button
      type="button"
      class="recount"
      aria-expanded={isOpen}
      onClick={() => change({ check: isOpen ? '' : 'accuracy' })}
    >
      {isOpen ? says.close : says.open}
    </button>
  );
  if (!isOpen)
    return (
      <section class="panel wide" aria-labelledby="accuracy" data-panel="accuracy" data-state="closed">
        <header>
          <div>
            <h3 id="accuracy">{says.title}</h3>
            <p class="hint">{says.closed}</p>
          </div>
          <div class="tools">{toggle}</div>
        </header>
      </section>
    );
  const answer = answerOf(loaded);
  const days = answer ? checkedDays(answer, today) : [];
  return (
    <Panel
      title={says.title}
      isUnfiltered
      name="accuracy"
      hint={says.hint}
      span={3}
      height={120}
      loaded={loaded}
      waiting={says.waiting}
      empty={says.empty}
      controls={toggle}
      columns={[
        { key: 'date', label: says.day, as: 'day' },
        { key: 'numbers', label: says.numbers, as: 'count' },
        { key: 'differ', label: says.differ, as: 'count', of: (day) => differing(day)?.length },
        { key: 'error', label: says.error, as: 'rate', of: (day) => greatestError(differing(day)) },
        { key: 'fetched', label: says.again, as: 'count' },
        { key: 'which', label: says.which, as: 'text', of: whichOf },
      ]}
      rows={days}
      chart={<Days days={days} answer={answer} />}
    />
  );
}

function checkedDays({ data }: Answer<'/v1/accuracy'>, today: string): Checked[] {
  return data.days.map(({ date, metrics, fetched, left_out }) => ({
    date,
    numbers: metrics.length,
    wrong: metrics.filter(({ error_percent }) => error_percent !== 0),
    isSoFar: date >= today,
    isRecounted: metrics.length === 0 || metrics.some(({ batch }) => batch !== 0),
    fetched,
    isWithoutCarts: left_out.includes('carts'),
  }));
}

const greatestError = (wrong: readonly Metric[] | undefined): number | undefined =>
  wrong && Math.max(0, ...wrong.map(({ error_percent }) => error_percent)) / 100;

const missingOf = ({ data }: Answer<'/v1/accuracy'>): number =>
  data.missing.reduce((sum, { from, to }) => sum + to - from, 0);
const partitionOf = ({ partition }: Data<'/v1/accuracy'>['missing'][number]): string => partition;

const sayMetric = ({ metric, stream, batch }: Metric): string =>
  words().accuracy.one(metric, formatPrecise(stream), formatPrecise(batch));

/** Nothing where that can't be told yet. */
const differing = (day: Checked): readonly Metric[] | undefined => (stateOf(day) === 'so-far' ? undefined : day.wrong);

function whichOf(day: Checked): string {
  const { wrong, numbers } = day;
  if (stateOf(day) === 'so-far') return words().accuracy.soFar(formatCount(wrong.length), formatCount(numbers));
  return wrong.map(sayMetric).join('; ') || '–';
}

interface DaysProps {
  readonly days: readonly Checked[];
  readonly answer: Answer<'/v1/accuracy'> | undefined;
}

/** A line a day: green where nothing differs. */
function Days({ days, answer }: DaysProps) {
  const says = words().accuracy;
  return (
    <>
      <ol class="checked chart" reversed>
        {days.toReversed().map((day) => (
          <Line key={day.date} day={day} />
        ))}
      </ol>
      <p class="note">
        {answer && says.took(writeSeconds(answer.data.stream_seconds), writeSeconds(answer.data.batch_seconds))}
      </p>
      {answer && answer.data.missing.length > 0 && (
        <p class="note missing" data-state="missing">
          {says.missing(formatCount(missingOf(answer)), [...new Set(answer.data.missing.map(partitionOf))].join(', '))}
        </p>
      )}
    </>
  );
}

/** While a day goes on its numbers are ahead of the archive, which says nothing about either. */
const stateOf = ({ wrong, isSoFar, isRecounted }: Checked) =>
  wrong.length === 0 ? 'right' : isSoFar ? 'so-far' : isRecounted ? 'wrong' : 'none';

function Line({ day }: { readonly day: Checked }) {
  const { date, numbers, wrong, fetched, isWithoutCarts } = day;
  const says = words().accuracy;
  const state = stateOf(day);
  const [count, differ, more] = [formatCount(numbers), formatCount(wrong.length), wrong.length - SHOWN];
  return (
    <li class={state} data-day={date} data-state={state}>
      <b>{formatFullDay(date)}</b>{' '}
      <span class="verdict">
        {state === 'right' && `✓ ${says.right(count)}`}
        {state === 'none' && says.nothing}
        {state === 'wrong' && `✗ ${says.wrong(differ, count)} (${writeRate(greatestError(wrong))})`}
        {state === 'so-far' && says.soFar(differ, count)}
      </span>
      {fetched > 0 && <span class="quiet"> {says.fetched(formatCount(fetched))}</span>}
      {isWithoutCarts && <span class="quiet"> {says.withoutCarts}</span>}
      {state === 'wrong' && (
        <ul class="quiet">
          {wrong.slice(0, SHOWN).map((one) => (
            <li key={one.metric}>
              {sayMetric(one)}
              {one.note !== undefined && ` (${says.unseen})`}
            </li>
          ))}
          {more > 0 && <li>{says.more(formatCount(more))}</li>}
        </ul>
      )}
    </li>
  );
}
