import { quoted } from '../sql.ts';

export interface RetentionAsked {
  readonly cohort: 'visit' | 'order';
  readonly interval: 'day' | 'week' | 'month';
  readonly from: string;
  readonly to: string;
}

/** Visitors by the day, week or month of their first visit or order in the archive, and how many of them came again in each one after: `cohort`, `later`, `n`. */
export function retentionSql(archive: string, { cohort, interval, from, to }: RetentionAsked): string {
  const isAct = cohort === 'order' ? "name = 'purchase'" : 'true';
  return `WITH acts AS (
      SELECT DISTINCT hash(visitor) AS who, CAST(date_trunc(${quoted(interval)}, date) AS DATE) AS period FROM (${archive})
      WHERE outcome <> 'duplicate' AND visitor IS NOT NULL AND ${isAct} AND date <= ${quoted(to)}
    ),
    begun AS (SELECT who, min(period) AS cohort FROM acts GROUP BY who)
    SELECT CAST(cohort AS VARCHAR) AS cohort, date_diff(${quoted(interval)}, cohort, period) AS later, count(*) AS n
    FROM acts JOIN begun USING (who) WHERE cohort >= date_trunc(${quoted(interval)}, DATE ${quoted(from)})
    GROUP BY cohort, later ORDER BY cohort, later`;
}
