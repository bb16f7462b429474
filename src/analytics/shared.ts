import { audienceFamilies, foldAudience } from './audience.ts';
import { catalogueFamilies, foldCatalogue } from './catalogue.ts';
import type { Fact } from './facts.ts';
import type { Family } from './families.ts';
import { openEndedFamilies } from './open-ended.ts';
import { foldPulse, pulseFamilies } from './pulse.ts';
import { foldSales, salesFamilies } from './sales.ts';
import { foldSessionCounts, sessionCountFamilies } from './session-counts.ts';
import type { Writes } from './writes.ts';

/** What several questions read is kept once, by the core. */
export const sharedFamilies: readonly Family[] = [
  ...audienceFamilies,
  ...catalogueFamilies,
  ...sessionCountFamilies,
  ...salesFamilies,
  ...pulseFamilies,
  ...openEndedFamilies,
];

export function foldShared(fact: Fact, writes: Writes): void {
  if (fact.kind === 'event') foldAudience(fact, writes);
  foldSessionCounts(fact, writes);
  foldCatalogue(fact, writes);
  foldSales(fact, writes);
  foldPulse(fact, writes);
}
