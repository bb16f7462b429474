import type { Answer } from '../../api/answers.ts';
import { ask, urlOf } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { Panel } from '../../panel/panel.tsx';
import { useShop } from '../../shop.ts';
import type { SectionProps } from '../section.ts';
import { shareColumns } from './funnel-stages.tsx';

/** City by city, side by side: the most visited, or those of which most reach the stage that is chosen. */
export function FunnelByCity({ view, change }: SectionProps) {
  const { funnel, mode, city: chosen } = view;
  const { from, to, refreshMs } = useShop();
  const query = { from, to, funnel, mode, breakdown: 'city', limit: 50 } as const;
  const loaded = useAnswer('/v1/funnel', query, { everyMs: refreshMs });
  const { stages = [], breakdown = [] } = answerOf(loaded)?.data ?? {};
  const at = stages.findIndex(({ stage }) => stage === view.stage);
  const reached = ({ stages: of }: (typeof breakdown)[number]): number => of[at]?.percent_of_first ?? 0;
  const rows = at < 0 ? breakdown : breakdown.toSorted((a, b) => reached(b) - reached(a));
  const allRows = async (): Promise<typeof breakdown> => {
    const outcome = await ask<Answer<'/v1/funnel'>>(urlOf('/v1/funnel', { ...query, limit: 1_000 }));
    if ('problem' in outcome) throw new Error(outcome.problem.message);
    return outcome.answer.data.breakdown ?? [];
  };
  return (
    <Panel
      title="Funnel by city"
      hint={
        at < 0
          ? 'Share of a city’s visits that reach each stage; choose one to see the whole page for it'
          : `By the share of visits that reach ${view.stage}, of the 50 most visited`
      }
      loaded={loaded}
      empty="No city has been visited in this period."
      height={346}
      onChoose={({ city = '' }) => change({ city })}
      chosen={({ city }) => city === chosen}
      columns={[
        { key: 'city', label: 'City', as: 'text' },
        { key: 'visits', label: 'Visits', as: 'count', of: ({ stages: of }) => of[0]?.count },
        ...shareColumns<(typeof breakdown)[number]>(stages, at < 0 ? stages.at(-1)?.stage : view.stage),
      ]}
      rows={rows}
      allRows={allRows}
    />
  );
}
