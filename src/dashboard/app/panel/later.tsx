import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { said } from '../words/said.ts';

interface Later<P> {
  (props: P): VNode | null;
  /** Brings the code before it is drawn. */
  fetch(): Promise<unknown>;
}

/**
 * A part of the page that not everybody looks at: its code comes when it is first drawn.
 * @param whileWaiting what is shown until then: nothing where the part lies above the page
 */
export function later<P extends object>(
  bring: () => Promise<ComponentType<P>>,
  whileWaiting: 'words' | 'nothing' = 'words',
): Later<P> {
  let brought: ComponentType<P> | undefined;
  const fetch = async (): Promise<ComponentType<P>> => {
    brought ??= await bring();
    return brought;
  };
  function Part(props: P) {
    const [Drawn, setDrawn] = useState<ComponentType<P> | 'failed' | undefined>(() => brought);
    useEffect(() => {
      if (Drawn === undefined)
        fetch().then(
          (part) => setDrawn(() => part),
          () => setDrawn('failed'),
        );
    }, []);
    if (Drawn === 'failed')
      return (
        <p class="state wide failed" role="alert">
          {said('This part of the page could not be fetched; load the page again.')}
        </p>
      );
    if (Drawn !== undefined) return <Drawn {...props} />;
    return whileWaiting === 'words' ? <p class="state wide">{said('Loading …')}</p> : null;
  }
  return Object.assign(Part, { fetch });
}
