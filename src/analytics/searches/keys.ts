import { family } from '../families.ts';

const CAP = 20_000;

const ranking = <const N extends string>(name: N, holds: string) =>
  family({ name, kind: 'ranking', windows: ['hour', 'day'], dimensions: [], cap: CAP, holds });

export const searchCounts = ranking('searches:count', 'searches by term, case and spaces folded');
export const searchMisses = ranking('searches:none', 'searches without results by term');
export const searchClicks = ranking(
  'searches:clicks',
  'searches that a view_item followed in the session, by term, in the hour of the search',
);

export const searchFamilies = [searchCounts, searchMisses, searchClicks];
