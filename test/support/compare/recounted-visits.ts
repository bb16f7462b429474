import { closedFunnel } from '../../../src/analytics/funnel/definition.ts';
import { BUILT_IN_FUNNELS } from '../../../src/analytics/funnel/funnel.ts';
import { newUserCounts } from '../../../src/analytics/sessions/definition.ts';
import { revenueCounts } from '../../../src/analytics/shared/sales.ts';
import { sessionCounts } from '../../../src/analytics/shared/sessions.ts';
import { dailyUsers } from '../../../src/analytics/shared/unique-users.ts';
import { recountSql } from '../../../src/archive/accuracy/recount.ts';
import type { PartitionedShop } from '../core/partitioned-shop.ts';
import type { LocalArchives } from '../system/local-archive.ts';

type Counts = Readonly<Record<string, number>>;

/** What counting has added up of visits and orders. */
export function countedVisits(shop: PartitionedShop): Counts {
  const all = [
    ...['sessions', 'bounces', 'session_ms'].map((field) => [field, shop.total(sessionCounts, field)] as const),
    ['purchasing_sessions', shop.total(sessionCounts, 'purchasing')] as const,
    ['new_users', shop.total(newUserCounts, 'users')] as const,
    ['active_users', shop.total(dailyUsers, 'visit')] as const,
    ['orders', shop.total(revenueCounts, 'orders')] as const,
    ...BUILT_IN_FUNNELS.flatMap(({ name, stages }) =>
      stages.map((stage) => [`funnel ${name}: ${stage}`, shop.total(closedFunnel, stage, name)] as const),
    ),
  ];
  return Object.fromEntries(all.filter(([, n]) => n !== 0));
}

/** The same, recounted from the archive. */
export async function recountedVisits(
  { query }: ReturnType<LocalArchives['open']>,
  range: { readonly from: string; readonly to: string },
  names: readonly string[],
): Promise<Counts> {
  const { rows } = await query((table, control) => recountSql(table, control, range, BUILT_IN_FUNNELS));
  const found: Record<string, number> = {};
  for (const { metric, value } of rows) found[String(metric)] = (found[String(metric)] ?? 0) + Number(value);
  return Object.fromEntries(names.flatMap((name) => (found[name] === undefined ? [] : [[name, found[name]]])));
}
