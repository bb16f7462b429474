import type { Words } from '../words.ts';

export const hyphens: Words['hyphens'] = [
  'Bestel-lungen',
  'Wieder-kehrende',
  'Umsatz-änderung',
  'Platz-änderung',
  'Betei-ligung',
];
