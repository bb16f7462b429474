import type { Words } from '../../words.ts';

/** By the server’s English, with what it puts into it as {n}. */
export const rejections: Words['rejections'] = {
  'the message has no value': 'die Nachricht ist leer',
  'the message is larger than {n} bytes': 'die Nachricht ist größer als {n} Bytes',
  'the message is not UTF-8': 'die Nachricht ist kein UTF-8',
  'the message is not JSON': 'die Nachricht ist kein JSON',
  'it could not be counted: {n}': 'ließ sich nicht zählen: {n}',
  'is not a control record that this version knows': 'kennt diese Version nicht',
  '{n} belongs on the inventory topic': '{n} gehört zu den Ereignissen des Bestands',
  '{n} belongs on the events topic': '{n} gehört zu den Ereignissen des Ladens',
  'is missing': 'fehlt',
  'is missing; {n} is not known': 'fehlt; {n} ist unbekannt',
  'must be a JSON object': 'muss ein JSON-Objekt sein',
  'must be text': 'muss Text sein',
  'must be a number': 'muss eine Zahl sein',
  'must be a whole number': 'muss eine ganze Zahl sein',
  'must be true or false': 'muss true oder false sein',
  'must be a list': 'muss eine Liste sein',
  'must be an object': 'muss ein Objekt sein',
  'must be a number from {n} to {n}, with at most three decimals':
    'muss eine Zahl von {n} bis {n} sein, mit höchstens drei Nachkommastellen',
  'is required for {n}': 'ist nötig für {n}',
  'must be one of {n}': 'muss eines davon sein: {n}',
  'must not be empty': 'darf nicht leer sein',
  'must be at least {n}': 'muss mindestens {n} sein',
  'must be at most {n}': 'darf höchstens {n} sein',
  'must be greater than {n}': 'muss größer als {n} sein',
  'must be less than {n}': 'muss kleiner als {n} sein',
  'must have at least {n} characters': 'braucht mindestens {n} Zeichen',
  'must have at most {n} characters': 'darf höchstens {n} Zeichen haben',
  'must have at least {n} entries': 'braucht mindestens {n} Einträge',
  'must have at most {n} entries': 'darf höchstens {n} Einträge haben',
  'must have at most {n} decimals': 'darf höchstens {n} Nachkommastellen haben',
  'may hold only a–z, 0–9 and _': 'darf nur a–z, 0–9 und _ enthalten',
  'must be well-formed Unicode': 'muss gültiges Unicode sein',
  'must be an ISO 4217 code such as EUR': 'muss ein Kürzel nach ISO 4217 sein wie EUR',
  'is not a currency of ISO 4217': 'ist keine Währung nach ISO 4217',
  'must be a date and time with an offset, such as {n}': 'muss Datum und Uhrzeit mit Zeitzone sein, etwa {n}',
  'must be ISO 8601 with an offset, or whole milliseconds since the epoch':
    'muss ISO 8601 mit Zeitzone sein, oder ganze Millisekunden seit 1970',
  'must not be more than the price, as it is taken off each unit':
    'darf nicht größer als der Preis sein, denn er wird von jedem Stück abgezogen',
  'price × quantity must not add up to less than 0': 'Preis × Menge darf zusammen nicht unter 0 liegen',
  'must be a moment after 1970-01-01T00:00:00Z': 'muss ein Zeitpunkt nach dem 1.1.1970 sein',
  'is more than 24 hours after arrival': 'liegt mehr als 24 Stunden nach der Ankunft',
  'is more than 5 minutes after arrival': 'liegt mehr als 5 Minuten nach der Ankunft',
  'is before 2000-01-01T00:00:00Z; a live event has milliseconds of the epoch or ISO 8601':
    'liegt vor dem Jahr 2000; laufende Ereignisse haben Millisekunden seit 1970 oder ISO 8601',
  'is older than the days that are kept (DAILY_DAYS); an import may be older':
    'ist älter als die Tage, die aufgehoben werden (DAILY_DAYS); Eingelesenes darf älter sein',
};
