/** Views that are kept by name. */
export const views = {
  opener: 'Views',
  title: 'Kept views',
  name: 'Name of this view',
  save: 'Keep',
  open: (name: string) => `Open the view ${name}`,
  forget: (name: string) => `Delete the view ${name}`,
  places: {
    shop: 'shop',
    browser: 'this browser',
    keptIn: {
      shop: 'Kept for the shop: all who may read see it.',
      browser: 'Kept in this browser; for the shop it takes an admin key.',
    },
  },
  share: {
    title: (days: string) => `A link for others: numbers only, no people, for ${days} days`,
    make: 'Make a link',
    link: 'Link to copy',
    called: 'link',
  },
};
