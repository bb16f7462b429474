import { askWhole } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import { calledStage } from '../../text/events.ts';
import { amid, said } from '../../words/said.ts';
import { breakdownOf, calledDimension, calledIn, choosing } from '../dimensions/dimension.ts';
import { DimensionChoice } from '../dimensions/dimension-choice.tsx';
import type { SectionProps } from '../section.ts';
import { shareColumns } from './funnel-stages.tsx';

/** The values of a dimension side by side: the most visited, or those of which most reach the stage that is chosen. */
export function FunnelBy(props: SectionProps) {
  const { view } = props;
  const { funnel, mode } = view;
  const shop = useShop();
  const { from, to, refreshMs } = shop;
  const dimension = breakdownOf(view, shop);
  const called = calledDimension(dimension);
  const query = { from, to, funnel, mode, breakdown: dimension, limit: 50 } as const;
  const loaded = useAnswer('/v1/funnel', query, { everyMs: refreshMs });
  const { stages = [], breakdown = [] } = answerOf(loaded)?.data ?? {};
  const at = stages.findIndex(({ stage }) => stage === view.stage);
  const reached = ({ stages: of }: (typeof breakdown)[number]): number => of[at]?.percent_of_first ?? 0;
  const rows = at < 0 ? breakdown : breakdown.toSorted((a, b) => reached(b) - reached(a));
  return (
    <Panel
      title={said('Funnel by')}
      name="funnel-by"
      isUnfiltered
      hint={
        at < 0
          ? said(
              'Share of the visits of each {dimension} that reach each stage; choose one to see the whole page for it',
              { dimension: amid(called) },
            )
          : said('By the share of visits that reach {stage}, of the 50 most visited', {
              stage: calledStage(view.stage),
            })
      }
      loaded={loaded}
      empty={said('Nobody has visited in this period.')}
      controls={<DimensionChoice {...props} label={said('Funnel broken down')} />}
      height={346}
      {...choosing(props, dimension)}
      columns={[
        { key: 'value', label: called, as: 'text', of: (row) => calledIn(row, dimension) },
        { key: 'visits', label: said('Visits'), as: 'count', of: ({ stages: of }) => of[0]?.count },
        ...shareColumns<(typeof breakdown)[number]>(stages, at < 0 ? stages.at(-1)?.stage : view.stage),
      ]}
      rows={rows}
      allRows={async () => (await askWhole('/v1/funnel', { ...query, limit: 1_000 })).data.breakdown ?? []}
    />
  );
}
