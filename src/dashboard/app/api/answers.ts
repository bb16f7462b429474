import type { components, paths } from '../api-types.ts';

interface Body {
  readonly data: unknown;
  readonly meta: { readonly as_of: string };
}

type Get<B> = {
  readonly get: {
    readonly responses: { readonly 200: { readonly content: { readonly 'application/json': B } } };
  };
};

/** The questions that can be asked, by their path. */
export type Path = { [P in keyof paths]: paths[P] extends Get<Body> ? P : never }[keyof paths];

/** The whole answer: `data`, `meta`, and `previous` where it was compared. */
export type Answer<P extends Path> = paths[P] extends Get<infer B extends Body> ? B : never;
export type Data<P extends Path> = Answer<P>['data'];

/** The questions that are answered with a list. */
export type ListPath = { [P in Path]: Data<P> extends readonly unknown[] ? P : never }[Path];
export type Row<P extends ListPath> = Data<P> extends readonly (infer R)[] ? R : never;

type Parameters<P extends Path> = paths[P]['get'] extends { readonly parameters: infer A } ? A : object;
type QueryOf<P extends Path> = Parameters<P> extends { readonly query?: infer Q } ? NonNullable<Q> : object;
/** What is not given is not sent. */
export type Query<P extends Path> = {
  // Own dimensions are not in the document that the types are made from.
  readonly [N in keyof QueryOf<P>]?: (N extends 'breakdown' ? string : QueryOf<P>[N]) | '' | undefined;
};
/** What stands in braces in the path. */
export type PathParams<P extends Path> =
  Parameters<P> extends { readonly path: infer A } ? { readonly [N in keyof A]: A[N] } : Record<string, never>;

export type Refusal = components['schemas']['Problem'];
/** Why, where that has a name. */
export type Reason = NonNullable<Refusal['reason']>;
export type Snapshot = paths['/v1/live']['get']['responses'][200]['content']['text/event-stream']['data'];
