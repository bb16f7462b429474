/** Views that are kept by name. */
export const views = {
  opener: 'Views',
  title: 'Kept views, in this browser',
  name: 'Name of this view',
  save: 'Keep',
  open: (name: string) => `Open the view ${name}`,
  forget: (name: string) => `Delete the view ${name}`,
  share: {
    title: (days: string) => `A link for others: numbers only, no people, for ${days} days`,
    make: 'Make a link',
    link: 'Link to copy',
  },
};
