import type { Words } from '../words.ts';

export const catalogue: Words['catalogue'] = {
  listed: 'Was aufgeführt ist',
  groups: { '': 'Produkte', category: 'Kategorien', brand: 'Marken' },
  category: 'Kategorie',
  brand: 'Marke',
  categoryHint: 'Eine Kategorie zeigt, was in ihr ist, ein Spaltenkopf sortiert',
  brandHint: 'Eine Marke zeigt ihre Produkte, ein Spaltenkopf sortiert',
  trail: 'Wo diese Produkte sind',
  allCategories: 'Alle Kategorien',
  allProducts: 'Alle Produkte',
  itsProducts: 'Ihre Produkte',
  noCategory: 'ohne Kategorie',
  noBrand: 'ohne Marke',
};
