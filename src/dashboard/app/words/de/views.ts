import type { Words } from '../words.ts';

export const views: Words['views'] = {
  opener: 'Merkliste',
  title: 'Gemerkte Ansichten, in diesem Browser',
  name: 'Name der Ansicht',
  save: 'Merken',
  open: (name: string) => `Ansicht ${name} öffnen`,
  forget: (name: string) => `Ansicht ${name} löschen`,
  share: {
    title: (days: string) => `Ein Link für andere: nur Zahlen, keine Personen, ${days} Tage lang`,
    make: 'Link anlegen',
    link: 'Link zum Kopieren',
  },
};
