import { accuracy } from './accuracy.ts';
import { alerts } from './alerts.ts';
import { archive } from './archive.ts';
import { explore } from './explore.ts';
import { refusals } from './refusals.ts';
import { views } from './views.ts';

export const en = { accuracy, alerts, archive, explore, refusals, views };
