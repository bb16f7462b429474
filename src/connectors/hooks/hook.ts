import { type Fields, isObject } from '../../events/forms/fields.ts';
import { parsedJson } from '../../events/json-text.ts';
import type { Connector, Envelope, Mapped, SignatureHeader } from '../connector.ts';

/** What is a shop's own about its hooks. */
export interface Hook {
  readonly way: string;
  readonly summary: string;
  readonly signature: SignatureHeader;
  /** Undefined where the body is none of the shop's; nothing where it is, and is not counted. */
  readonly mappedOf: (body: Fields, header: Envelope['header']) => readonly Mapped[] | undefined;
  /** What the body must be, beside a JSON object. */
  readonly needs?: string;
  readonly isTrial?: NonNullable<Connector['isTrial']>;
}

/** Hooks are one signed JSON object a request, to an address of their shop's name. */
export function hook({ way, summary, signature, mappedOf, needs = '', ...more }: Hook): Connector {
  return {
    name: way,
    endpoints: [{ method: 'post', path: `/v1/hooks/${way}`, summary }],
    keyOf: () => undefined,
    signature,
    ...more,
    read({ header }, text) {
      const body = parsedJson(text);
      const mapped = isObject(body) ? mappedOf(body, header) : undefined;
      if (mapped === undefined) return { outcome: 'unreadable', message: `The body is no JSON object${needs}` };
      // One thing, however many events it is: a product has stock and price of each of its variants.
      return { outcome: 'read', sent: 1, mapped: () => (mapped.length === 0 ? [{ outcome: 'ignored' }] : mapped) };
    },
    success: { success: true },
    isRefusedAsSuccess: true,
    hasEventIds: true,
  };
}
