import type { Words } from '../words.ts';

export const refusals: Words['refusals'] = {
  '/problems/bad-request': 'So lässt sich das nicht beantworten.',
  '/problems/bad-events': 'Keines der Ereignisse ist gültig.',
  '/problems/unauthorized': 'Ein Schlüssel fehlt, ist unbekannt oder abgelaufen.',
  '/problems/forbidden': 'Der Schlüssel erlaubt das nicht.',
  '/problems/foreign-host':
    'Der Server hat keine Schlüssel und antwortet daher nur dem eigenen Rechner: unter http://127.0.0.1 öffnen oder ADMIN_KEYS setzen.',
  '/problems/foreign-origin':
    'Der Server hat keine Schlüssel und antwortet daher keiner Seite einer anderen Adresse: die Adresse in CORS_ORIGINS aufnehmen oder einen Schlüssel verwenden.',
  '/problems/not-found': 'Das gibt es hier nicht, oder nicht mehr.',
  '/problems/unknown-format': 'Dateien dieser Art lassen sich nicht lesen.',
  '/problems/method-not-allowed': 'Das macht der Server nicht. Die Seite neu laden: er ist vielleicht ein neuerer.',
  '/problems/too-slow': 'Die Leitung war zu langsam, gezählt wurde nichts. Noch einmal versuchen.',
  '/problems/imported-before': 'Diese Datei wurde schon eingelesen.',
  '/problems/import-running': 'Diese Datei wird gerade eingelesen.',
  '/problems/import-taking-back': 'Was diese Datei brachte, wird gerade zurückgenommen.',
  '/problems/import-under-way': 'Das Einlesen ist noch nicht zu Ende.',
  '/problems/import-forgotten': 'Das Eingelesene lässt sich nicht mehr zurücknehmen.',
  '/problems/still-running': 'Dieselbe Anfrage wird noch beantwortet. Gleich noch einmal versuchen.',
  '/problems/too-many-endpoints': 'Es gibt schon so viele Webhooks wie erlaubt. Erst einen entfernen.',
  '/problems/too-many-alerts': 'Es gibt schon so viele Warnungen wie erlaubt. Erst eine entfernen.',
  '/problems/too-many-notes': 'Es gibt schon so viele Notizen wie erlaubt. Erst eine entfernen.',
  '/problems/too-many-keys':
    'Es gibt schon so viele Schlüssel wie erlaubt. Erst einen widerrufen: npm start -- keys list.',
  '/problems/too-large': 'Das ist zu groß. In kleineren Teilen senden.',
  '/problems/unsupported-media-type': 'Dateien dieser Form werden hier nicht gelesen.',
  '/problems/unknown-expectation': 'Der Server weiß nicht, was von ihm erwartet wird.',
  '/problems/key-used-differently': 'Der Idempotency-Key wurde schon für eine andere Anfrage verwendet.',
  '/problems/busy': 'Der Server ist beschäftigt. Gleich noch einmal versuchen.',
  '/problems/too-often': 'Der Schlüssel wird öfter verwendet als erlaubt. Gleich noch einmal versuchen.',
  '/problems/over-quota': 'Der Schlüssel hat alle Anfragen gestellt, die er heute stellen darf.',
  '/problems/too-many-tries': 'Von dieser Adresse kamen zu viele falsche Schlüssel. Eine Weile warten.',
  '/problems/too-many-imports': 'Es werden schon so viele Dateien eingelesen wie erlaubt. Warten, bis eine fertig ist.',
  '/problems/header-too-large': 'Die Adresse ist zu lang. Weniger auf einmal verlangen.',
  '/problems/internal': 'Auf dem Server ist etwas schiefgegangen. Sein Log sagt, was.',
  '/problems/unavailable': 'Das geht im Augenblick nicht, in einigen Sekunden vielleicht wieder.',
};
