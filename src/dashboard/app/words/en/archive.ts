/** What is said of the archive, whatever is asked of it. */
export const archive = {
  waiting: 'The archive is read; that can take some seconds …',
  none: 'There is no archive yet. It fills by itself where cartpulse runs as a whole (npm start) and events come in; give it a minute.',
  refused: 'The archive does not answer this.',
  failed: 'The archive can’t be read just now; it is tried again.',
};
