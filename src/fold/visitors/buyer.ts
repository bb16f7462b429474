import { decodeMoment, encodeMoment } from '../state/records.ts';

/** When a user bought first. */
export interface Buyer {
  /** In the lane itself; undefined where imports alone say it. */
  readonly ownMs: number | undefined;
  /** In imports that have closed, by their ids: one that is taken back says it no longer. */
  readonly imports: ReadonlyMap<string, number>;
}

/** An earlier version has kept that they did, and not when. */
export const LONG_AGO = Number.NEGATIVE_INFINITY;

/** So many imports are told apart; what one beyond that says stays. */
const MOST_IMPORTS = 20;
const NONE = '-';

export const firstOrderMs = ({ ownMs = Number.POSITIVE_INFINITY, imports }: Buyer): number =>
  Math.min(ownMs, ...imports.values());

export function withOrder({ ownMs, imports }: Buyer, atMs: number): Buyer {
  return { ownMs: Math.min(ownMs ?? atMs, atMs), imports };
}

export function withImport(buyer: Buyer, importId: string, atMs: number): Buyer {
  const known = buyer.imports.get(importId);
  if (known === undefined && buyer.imports.size >= MOST_IMPORTS) return withOrder(buyer, atMs);
  return { ...buyer, imports: new Map(buyer.imports).set(importId, Math.min(known ?? atMs, atMs)) };
}

/** @returns undefined where nobody else says that they have bought */
export function withoutImport({ ownMs, imports }: Buyer, importId: string): Buyer | undefined {
  const others = new Map([...imports].filter(([id]) => id !== importId));
  return ownMs === undefined && others.size === 0 ? undefined : { ownMs, imports: others };
}

/** The moment in the lane itself, `-` where there is none, nothing where it is not known; and on lines of their own `moment import`. */
export function encodeBuyer({ ownMs, imports }: Buyer): string {
  const own = ownMs === undefined ? NONE : ownMs === LONG_AGO ? '' : encodeMoment(ownMs, 0);
  return [own, ...[...imports].map(([id, atMs]) => `${encodeMoment(atMs, 0)} ${id}`)].join('\n');
}

export function decodeBuyer(text: string): Buyer {
  const [own = '', ...lines] = text.split('\n');
  const imports = lines.map((line): [string, number] => {
    const [moment = '', ...id] = line.split(' ');
    return [id.join(' '), decodeMoment(moment, 0)];
  });
  const ownMs = own === NONE ? undefined : own === '' ? LONG_AGO : decodeMoment(own, 0);
  return { ownMs, imports: new Map(imports) };
}
