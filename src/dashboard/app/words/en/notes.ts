/** Notes, imports and prices on charts. */
export const notes = {
  opener: 'Notes',
  opens: (of: string) => `Notes on ${of}`,
  title: 'Notes on charts',
  add: 'Add a note',
  hint: (timezone: string) =>
    `What happened in or around the shop: a sale, a newsletter, a new price. It stands on every chart at its moment, in the time of the store (${timezone}), for all who may see the numbers.`,
  at: 'When',
  text: 'What happened',
  color: 'Colour',
  colors: { gray: 'plain', red: 'red', orange: 'orange', green: 'green', blue: 'blue', purple: 'purple' },
  save: 'Add',
  kept: 'Notes of this period',
  none: 'No notes in this period.',
  remove: (text: string) => `Remove the note ${text}`,
  mark: (n: number) => (n === 1 ? 'On this chart' : `${n} things on this chart`),
  more: (n: number) => `… and ${n} more`,
  file: (format: string, events: string) => `${format}, ${events === '1' ? 'one event' : `${events} events`}`,
  importBegins: (file: string) => `Imported data begin (${file})`,
  importEnds: (file: string) => `Imported data end (${file})`,
  price: (before: string, after: string) => `Price ${before} → ${after}`,
  firstPrice: (after: string) => `Price ${after}`,
};
