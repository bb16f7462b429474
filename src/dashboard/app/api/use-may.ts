import type { Data } from './answers.ts';
import { useAnswer } from './use-answer.ts';

type Scope = Data<'/v1/key'>['scopes'][number];

const once = { everyMs: Number.POSITIVE_INFINITY };

/** Whether the key of this page may do something; undefined until the server has said. @param isAsked whether that matters already */
export function useMay(scope: Scope, isAsked = true): boolean | undefined {
  const known = useAnswer('/v1/key', isAsked ? {} : undefined, once);
  if (known.state === 'loading') return undefined;
  return known.state === 'loaded' && known.answer.data.scopes.includes(scope);
}
