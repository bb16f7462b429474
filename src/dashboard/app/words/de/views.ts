import type { Words } from '../words.ts';

export const views: Words['views'] = {
  opener: 'Merkliste',
  title: 'Gemerkte Ansichten',
  name: 'Name der Ansicht',
  save: 'Merken',
  open: (name: string) => `Ansicht ${name} öffnen`,
  forget: (name: string) => `Ansicht ${name} löschen`,
  places: {
    shop: 'Laden',
    browser: 'dieser Browser',
    keptIn: {
      shop: 'Für den Laden gemerkt: alle, die lesen dürfen, sehen sie.',
      browser: 'In diesem Browser gemerkt; für den Laden braucht es einen Verwaltungsschlüssel.',
    },
  },
  share: {
    title: (days: string) => `Ein Link für andere: nur Zahlen, keine Personen, ${days} Tage lang`,
    make: 'Link anlegen',
    link: 'Link zum Kopieren',
    called: 'Link',
  },
};
