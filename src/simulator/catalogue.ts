import { cumulate, type Random } from './random.ts';

export interface Product {
  readonly itemId: string;
  readonly name: string;
  readonly category: string;
  readonly brand: string;
  price: number;
  stock: number;
}

export interface City {
  readonly name: string;
  readonly country: string;
  readonly weight: number;
  /** How readily its visitors go on to the next stage, against the average. */
  readonly conversionFactor: number;
}

export const CITIES: readonly City[] = [
  { name: 'Pune', country: 'IN', weight: 9, conversionFactor: 1.1 },
  { name: 'Mumbai', country: 'IN', weight: 14, conversionFactor: 0.9 },
  { name: 'Delhi', country: 'IN', weight: 12, conversionFactor: 0.95 },
  { name: 'Bengaluru', country: 'IN', weight: 11, conversionFactor: 1.25 },
  { name: 'Berlin', country: 'DE', weight: 7, conversionFactor: 1.05 },
  { name: 'London', country: 'GB', weight: 8, conversionFactor: 1 },
  { name: 'São Paulo', country: 'BR', weight: 6, conversionFactor: 0.8 },
  { name: 'Kathmandu', country: 'NP', weight: 2, conversionFactor: 0.7 },
  { name: 'New York', country: 'US', weight: 10, conversionFactor: 1.15 },
  { name: 'Tokyo', country: 'JP', weight: 5, conversionFactor: 1.2 },
];

const BRANDS = ['Alba', 'Corvo', 'Dune', 'Fjell', 'Kite', 'Loma', 'Nori', 'Orla'];
const KINDS = [
  'backpack',
  'desk lamp',
  'headphones',
  'jacket',
  'kettle',
  'mug',
  'notebook',
  'running shoes',
  'scarf',
  'water bottle',
];
const COLOURS = ['black', 'blue', 'green', 'grey', 'red', 'sand', 'white'];

/** Products whose popularity follows a power law: a few are seen everywhere, most hardly ever. */
export class Catalogue {
  readonly products: readonly Product[];
  private readonly popularity: readonly number[];

  constructor(size: number, random: Random) {
    this.products = Array.from({ length: size }, (_, i) => makeProduct(i, random));
    this.popularity = cumulate(this.products.map((_, i) => 1 / (i + 1) ** 0.9));
  }

  pick(random: Random): Product {
    const product = this.products[random.weighted(this.popularity)];
    if (product === undefined) throw new Error('the catalogue is empty');
    return product;
  }
}

function makeProduct(index: number, random: Random): Product {
  const kind = KINDS[random.below(KINDS.length)] ?? 'mug';
  const brand = BRANDS[random.below(BRANDS.length)] ?? 'Alba';
  const colour = COLOURS[random.below(COLOURS.length)] ?? 'grey';
  const price = Math.round(400 + 12_000 * random.next() ** 3) / 100 + 0.99;
  return {
    itemId: `SKU-${String(index + 1).padStart(4, '0')}`,
    name: `${brand} ${kind}, ${colour}`,
    category: kind,
    brand,
    price: Math.round(price * 100) / 100,
    stock: 20 + random.below(200),
  };
}
