/** A part of a made-up shop's day, as whoever sends it says it: with what is a little wrong in it. */

export interface Line {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly quantity: number;
}

export type Step =
  | { readonly does: 'page'; readonly path: string }
  | { readonly does: 'search'; readonly term: string }
  | { readonly does: 'view' | 'add' | 'remove'; readonly line: Line }
  | { readonly does: 'checkout'; readonly lines: readonly Line[] }
  | {
      readonly does: 'order';
      /** Undefined where the sender forgot it: such an order is refused. */
      readonly id: string | undefined;
      readonly value: number;
      readonly payment: string;
      readonly lines: readonly Line[];
    };

export interface Visit {
  readonly anonymousId: string;
  /** Known from their checkout on. */
  readonly userId: string;
  readonly steps: readonly Step[];
}

const GOODS = ['tee', 'mug', 'cap', 'bag'].map((name, i) => ({ id: `sku-${i}`, name, price: 9.5 + i * 2.25 }));

function lineOf(i: number, quantity = 1): Line {
  const good = GOODS[i % GOODS.length];
  if (good === undefined) throw new Error('no goods');
  return { ...good, quantity };
}

const worthOf = (lines: readonly Line[]): number =>
  Number(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0).toFixed(2));

function visit(i: number): Visit {
  const [first, second] = [lineOf(i, 1 + (i % 3)), lineOf(i + 1)];
  const lines = i % 4 === 3 ? [first] : [first, second];
  const steps: Step[] = [{ does: 'page', path: '/' }];
  if (i % 3 === 0) steps.push({ does: 'search', term: first.name });
  steps.push({ does: 'view', line: first }, { does: 'view', line: second });
  if (i % 5 !== 4) steps.push(...[first, second].map((line): Step => ({ does: 'add', line })));
  if (i % 4 === 3 && i % 5 !== 4) steps.push({ does: 'remove', line: second });
  if (i % 2 === 0 && i % 5 !== 4) {
    steps.push({ does: 'checkout', lines });
    const payment = i % 4 === 0 ? 'card' : 'invoice';
    // One sender in the shop does not say which order it was.
    const id = i === 28 ? undefined : `order-${i}`;
    steps.push({ does: 'order', id, value: worthOf(lines), payment, lines });
  }
  return { anonymousId: `guest-${i}`, userId: `customer-${i}`, steps };
}

export const VISITS: readonly Visit[] = Array.from({ length: 30 }, (_, i) => visit(i));

/** What the shop itself has in its list. */
export const SHOPS_LIST = VISITS.flatMap(({ steps }) =>
  steps.flatMap((step) => (step.does === 'order' && step.id !== undefined ? [step] : [])),
);

/** By a sender who writes amounts as text. */
export const writesText = (i: number): boolean => i % 10 === 0;
