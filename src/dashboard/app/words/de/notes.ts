import type { Words } from '../words.ts';

export const notes: Words['notes'] = {
  opener: 'Notizen',
  opens: (of: string) => `Notizen zu ${of}`,
  title: 'Notizen auf Diagrammen',
  add: 'Notiz hinzufügen',
  hint: (timezone: string) =>
    `Was im Laden oder um ihn herum geschah: eine Aktion, ein Newsletter, ein neuer Preis. Es steht auf jedem Diagramm an seiner Stelle, in der Zeit des Ladens (${timezone}), für alle, die die Zahlen sehen dürfen.`,
  at: 'Wann',
  text: 'Was geschah',
  color: 'Farbe',
  colors: { gray: 'schlicht', red: 'rot', orange: 'orange', green: 'grün', blue: 'blau', purple: 'violett' },
  save: 'Hinzufügen',
  kept: 'Notizen dieses Zeitraums',
  none: 'Keine Notizen in diesem Zeitraum.',
  remove: (text: string) => `Notiz ${text} entfernen`,
  mark: (n: number) => (n === 1 ? 'Auf diesem Diagramm' : `${n} Dinge auf diesem Diagramm`),
  more: (n: number) => `… und ${n} mehr`,
  file: (format: string, events: string) => `${format}, ${events === '1' ? 'ein Ereignis' : `${events} Ereignisse`}`,
  importBegins: (file: string) => `Importierte Daten beginnen (${file})`,
  importEnds: (file: string) => `Importierte Daten enden (${file})`,
  price: (before: string, after: string) => `Preis ${before} → ${after}`,
  firstPrice: (after: string) => `Preis ${after}`,
};
