/** Products by category and brand. */
export const catalogue = {
  listed: 'What is listed',
  groups: { '': 'Products', category: 'Categories', brand: 'Brands' },
  category: 'Category',
  brand: 'Brand',
  categoryHint: 'Choose one for what is in it, or a head to sort by',
  brandHint: 'Choose one for its products, or a head to sort by',
  trail: 'Where these products are',
  allCategories: 'All categories',
  allProducts: 'All products',
  itsProducts: 'Its products',
  noCategory: 'without a category',
  noBrand: 'without a brand',
};
