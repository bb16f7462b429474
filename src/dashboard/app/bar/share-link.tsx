import { useState } from 'preact/hooks';
import { withKey } from '../api/key.ts';
import type { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { CopyButton } from '../panel/tools/copy-button.tsx';
import { Why } from '../panel/why.tsx';
import { linkTo, type View } from '../view.ts';
import { words } from '../words/words.ts';

const DAYS = 30;

interface Made {
  readonly data: { readonly key: string };
}

/** A link to what is shown now, for who has no key: it may read numbers, not people, until its key ends. */
export function ShareLink({ view }: { readonly view: View }) {
  const { share: says } = words().views;
  const [link, setLink] = useState<string>();
  const [wrong, setWrong] = useState<Problem>();
  const make = async (): Promise<void> => {
    const expires_at = new Date(Date.now() + DAYS * 86_400_000).toISOString();
    const sent = await send<Made>('POST', '/v1/keys', { name: 'shared view', scopes: ['read'], expires_at });
    setWrong('problem' in sent ? sent.problem : undefined);
    if ('answer' in sent && sent.answer) setLink(withKey(new URL(linkTo(view), location.href), sent.answer.data.key));
  };
  return (
    <fieldset class="kept">
      <legend class="quiet">{says.title(String(DAYS))}</legend>
      <div class="group">
        <button type="button" onClick={() => void make()}>
          {says.make}
        </button>
        {link !== undefined && (
          <input
            class="link-text"
            type="text"
            readOnly
            aria-label={says.link}
            value={link}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
        {link !== undefined && <CopyButton key={link} name={says.called} text={link} />}
      </div>
      {wrong && (
        <span class="problem" role="alert">
          <Why problem={wrong} />
        </span>
      )}
    </fieldset>
  );
}
