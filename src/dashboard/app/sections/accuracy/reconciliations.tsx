import { useState } from 'preact/hooks';
import { ownProblem, type Problem } from '../../api/problem.ts';
import { sendFile } from '../../api/send.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { ofArchive } from '../../api/use-archive.ts';
import { Panel } from '../../panel/panel.tsx';
import { Why } from '../../panel/why.tsx';
import { formatPeriod } from '../../text/time.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';
import { DifferentOrders } from './different-orders.tsx';

/** Comparisons with the shop's own books, and the orders of one of them that differ. */
export function Reconciliations(props: SectionProps) {
  const { reconciliation } = props.view;
  const [made, setMade] = useState(0);
  const onMade = (id: string): void => {
    setMade(made + 1);
    props.change({ reconciliation: id });
  };
  return (
    <>
      <Books key={made} {...props} onMade={onMade} />
      {reconciliation !== '' && <DifferentOrders key={reconciliation} {...props} />}
    </>
  );
}

interface BooksProps extends SectionProps {
  readonly onMade: (id: string) => void;
}

function Books({ view: { reconciliation }, change, onMade }: BooksProps) {
  const { books: says } = words().accuracy;
  const loaded = useAnswer('/v1/reconciliations', { limit: 20 }, { everyMs: Number.POSITIVE_INFINITY });
  return (
    <Panel
      title={says.title}
      name="books"
      hint={says.hint}
      span={3}
      height={90}
      loaded={loaded}
      empty={says.empty}
      controls={<Upload onMade={onMade} />}
      onChoose={({ id }) => change({ reconciliation: id === reconciliation ? '' : id })}
      chosen={({ id }) => id === reconciliation}
      columns={[
        { key: 'made_at', label: says.made, as: 'moment' },
        { key: 'period', label: says.period, as: 'text', of: ({ from, to }) => formatPeriod(from, to) },
        { key: 'orders', label: says.orders, as: 'count' },
        { key: 'counted', label: says.counted, as: 'count' },
        { key: 'same', label: says.same, as: 'count' },
        { key: 'missing', label: says.missing, as: 'count' },
        { key: 'too_many', label: says.tooMany, as: 'count' },
        { key: 'other_amount', label: says.otherAmount, as: 'count' },
      ]}
      rows={answerOf(loaded)?.data ?? []}
    />
  );
}

interface Made {
  readonly data: { readonly id: string };
}

const whyOf = (problem: Problem): Problem =>
  problem.status === 400 ? { ...problem, message: words().accuracy.books.wrong } : ofArchive(problem);

/** Sends a file, and leads to what came of it. */
function Upload({ onMade }: { readonly onMade: (id: string) => void }) {
  const { books: says } = words().accuracy;
  const [file, setFile] = useState<File>();
  const [isBusy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Problem>();
  const compare = async (): Promise<void> => {
    if (file === undefined) {
      setWrong(ownProblem(says.noFile));
      return;
    }
    setBusy(true);
    setWrong(undefined);
    const sent = await sendFile<Made>('/v1/reconciliations', file);
    setBusy(false);
    if ('problem' in sent) setWrong(whyOf(sent.problem));
    else onMade(sent.answer.data.id);
  };
  return (
    <form
      class="group upload"
      onSubmit={(event) => {
        event.preventDefault();
        compare().catch(() => setBusy(false));
      }}
    >
      <input
        type="file"
        accept=".csv,text/csv"
        aria-label={says.file}
        aria-describedby="books-problem"
        onChange={(event) => setFile(event.currentTarget.files?.[0])}
      />
      <button type="submit" disabled={isBusy}>
        {isBusy ? says.comparing : says.compare}
      </button>
      <span id="books-problem" class="problem" role="alert">
        {wrong && <Why problem={wrong} />}
      </span>
    </form>
  );
}
