import type { Refusal } from '../../api/answers.ts';

/** Why the server refuses, by the kind of its refusal, and what to do about it. */
export const refusals: Readonly<Record<Refusal['type'], string>> = {
  '/problems/bad-request': 'It can’t be answered as it was asked.',
  '/problems/bad-events': 'None of its events is valid.',
  '/problems/unauthorized': 'A key is missing, not known, or has ended.',
  '/problems/forbidden': 'The key does not allow this.',
  '/problems/foreign-host':
    'The server has no keys, and so answers its own machine alone: open it as http://127.0.0.1, or set ADMIN_KEYS.',
  '/problems/foreign-origin':
    'The server has no keys, and so answers no page of another address: add the address to CORS_ORIGINS, or use a key.',
  '/problems/not-found': 'That does not exist here, or not any more.',
  '/problems/unknown-format': 'Files of this form can’t be read.',
  '/problems/method-not-allowed': 'The server does not do this. Reload the page: the server may be a newer one.',
  '/problems/too-slow': 'The line was too slow, and nothing was counted. Try again.',
  '/problems/imported-before': 'This file was imported before.',
  '/problems/import-running': 'This file is being imported.',
  '/problems/import-taking-back': 'What this file brought is being taken back.',
  '/problems/import-under-way': 'The import is not at its end yet.',
  '/problems/import-forgotten': 'The import can’t be taken back any more.',
  '/problems/still-running': 'The same request is still being answered. Try again in a moment.',
  '/problems/too-many-endpoints': 'There are as many webhooks as may be. Remove one first.',
  '/problems/too-many-alerts': 'There are as many alerts as may be. Remove one first.',
  '/problems/too-many-notes': 'There are as many notes as may be. Remove one first.',
  '/problems/too-many-keys': 'There are as many keys as may be. Revoke one first: npm start -- keys list.',
  '/problems/too-large': 'That is too large. Send it in smaller parts.',
  '/problems/unsupported-media-type': 'This form of file is not read here.',
  '/problems/unknown-expectation': 'The server does not know what is expected of it.',
  '/problems/key-used-differently': 'The Idempotency-Key was used for another request.',
  '/problems/busy': 'The server is busy. Try again in a moment.',
  '/problems/too-often': 'The key is used more often than it may be. Try again in a moment.',
  '/problems/over-quota': 'The key has made all the requests that it may make today.',
  '/problems/too-many-tries': 'Too many wrong keys came from this address. Wait a while.',
  '/problems/too-many-imports': 'As many files are being imported as may be. Try again when one is done.',
  '/problems/header-too-large': 'The address is too long. Shorten what is asked for.',
  '/problems/internal': 'Something went wrong on the server. Its log says what.',
  '/problems/unavailable': 'This is not possible at the moment; it may be in a few seconds.',
};
