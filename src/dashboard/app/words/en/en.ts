import { accuracy } from './accuracy.ts';
import { alerts } from './alerts.ts';
import { archive } from './archive.ts';
import { catalogue } from './catalogue.ts';
import { explore } from './explore.ts';
import { hyphens } from './hyphens.ts';
import { notes } from './notes.ts';
import { reasons } from './refusals/reasons.ts';
import { refusals } from './refusals/refusals.ts';
import { rejections } from './refusals/rejections.ts';
import { views } from './views.ts';

export const en = {
  accuracy,
  alerts,
  archive,
  catalogue,
  explore,
  hyphens,
  notes,
  reasons,
  refusals,
  rejections,
  views,
};
