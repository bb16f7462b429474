import type { Words } from '../words.ts';

export const archive: Words['archive'] = {
  waiting: 'Das Archiv wird gelesen; das kann einige Sekunden dauern …',
  none: 'Es gibt noch kein Archiv. Es füllt sich von selbst, wo cartpulse als Ganzes läuft (npm start) und Ereignisse kommen; nach einer Minute ist es da.',
  refused: 'Das Archiv beantwortet das nicht.',
  failed: 'Das Archiv lässt sich gerade nicht lesen; es wird noch einmal versucht.',
};
