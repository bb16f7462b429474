import { useEffect, useState } from 'preact/hooks';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { useShop } from '../../shop.ts';
import { formatCount } from '../../text/format.ts';
import { formatMoment } from '../../text/time.ts';
import { said } from '../../words/said.ts';

const EVERY_MS = 2_000;

/** Waits for the first request with a key, and says when it came. */
export function FirstEvent({ keyId }: { readonly keyId: string }) {
  const { timezone } = useShop();
  const loaded = useAnswer('/v1/keys', { limit: 1_000 }, { everyMs: EVERY_MS });
  const requests = answerOf(loaded)?.data.find(({ id }) => id === keyId)?.requests_today ?? 0;
  const [cameAt, setCameAt] = useState<string>();
  const hasCome = requests > 0;
  useEffect(() => {
    if (hasCome) setCameAt(new Date().toISOString());
  }, [hasCome]);
  return (
    <p
      ref={loaded.watch}
      class={cameAt ? 'banner came' : 'banner'}
      role="status"
      data-first-event={cameAt ? 'came' : 'waiting'}
    >
      {cameAt === undefined
        ? said('Waiting for the first event with this key …')
        : said(
            'The first request came at {time}. Requests with this key so far: {n}; below stands what became of each.',
            {
              time: formatMoment(cameAt, timezone, true),
              n: formatCount(requests),
            },
          )}
    </p>
  );
}
