import { accuracy } from './accuracy.ts';
import { archive } from './archive.ts';
import { explore } from './explore.ts';
import { refusals } from './refusals.ts';
import { views } from './views.ts';

export const en = { accuracy, archive, explore, refusals, views };
