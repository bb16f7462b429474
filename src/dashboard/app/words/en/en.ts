import { accuracy } from './accuracy.ts';
import { archive } from './archive.ts';
import { catalogue } from './catalogue.ts';
import { explore } from './explore.ts';
import { notes } from './notes.ts';
import { refusals } from './refusals.ts';
import { views } from './views.ts';

export const en = { accuracy, archive, catalogue, explore, notes, refusals, views };
