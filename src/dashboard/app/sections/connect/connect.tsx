import { useState } from 'preact/hooks';
import { ownProblem, type Problem } from '../../api/problem.ts';
import { send } from '../../api/send.ts';
import { CopyButton } from '../../panel/tools/copy-button.tsx';
import { Why } from '../../panel/why.tsx';
import { said } from '../../words/said.ts';
import { EndDemo } from './end-demo.tsx';
import { FirstEvent } from './first-event.tsx';
import { LastRequests } from './last-requests.tsx';
import { originsOf } from './origins.ts';
import { waysOf } from './ways.ts';

interface Made {
  readonly id: string;
  readonly key: string;
  /** Pages of which may send with it; at least one. */
  readonly origins: readonly string[];
}

/** How a shop's own events come in. */
export function Connect() {
  const [made, setMade] = useState<Made>();
  return (
    <>
      <section class="panel wide connect" aria-labelledby="connect" data-panel="connect" data-state="loaded">
        <h3 id="connect">{said('Connect your shop')}</h3>
        <MakeKey made={made} onMade={setMade} />
        {made !== undefined && <FirstEvent key={made.id} keyId={made.id} />}
        <Ways made={made} />
        <p class="hint">
          {said('The key above may only send, and only from pages of these addresses, so it may stand in them.')}{' '}
          <a href="/docs/connect/index.html" target="_blank" rel="noopener">
            {said('More ways: Segment, Shopify, WooCommerce, Medusa, servers')}
          </a>
        </p>
      </section>
      <LastRequests />
      <EndDemo />
    </>
  );
}

interface MakeKeyProps {
  /** The last one. */
  readonly made: Made | undefined;
  readonly onMade: (made: Made) => void;
}

function MakeKey({ made, onMade }: MakeKeyProps) {
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState<Problem>();
  const make = async (): Promise<void> => {
    const origins = originsOf(address.trim());
    if (origins.length === 0)
      return setWrong(ownProblem(said('This is no address of a shop, such as https://shop.example.')));
    const input = { name: 'shop pages', kind: 'publishable', origins };
    const sent = await send<{ readonly data: Omit<Made, 'origins'> }>('POST', '/v1/keys', input);
    setWrong('problem' in sent ? sent.problem : undefined);
    if ('problem' in sent || !sent.answer) return;
    onMade({ id: sent.answer.data.id, key: sent.answer.data.key, origins });
    setAddress('');
  };
  return (
    <>
      <p class="hint">{said('With and without www. are two addresses for a browser; the key is for both.')}</p>
      <form
        class="group"
        onSubmit={(event) => {
          event.preventDefault();
          make().catch(() => setWrong(ownProblem(said('The key could not be made.'))));
        }}
      >
        <label>
          {said('Address of your shop')}
          <input
            type="text"
            inputMode="url"
            required
            placeholder="https://shop.example"
            value={address}
            aria-invalid={wrong !== undefined}
            aria-describedby="connect-problem"
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
        </label>
        <button type="submit">{made === undefined ? said('Make its key') : said('Make another key')}</button>
        <span id="connect-problem" class="problem" role="alert">
          {wrong && <Why problem={wrong} />}
        </span>
      </form>
      {made !== undefined && (
        <p data-made={made.id}>
          {said('The key below is for pages of {addresses}.', { addresses: made.origins.join(said(' and ')) })}
        </p>
      )}
    </>
  );
}

function Ways({ made }: { readonly made: Made | undefined }) {
  const ways = waysOf(location.origin, made?.origins[0] ?? 'https://shop.example', made?.key ?? 'pk_YOUR_KEY');
  return (
    <ol class="ways">
      {ways.map(({ name, how, code }) => (
        <li key={name} data-way={name}>
          <h4>{name}</h4>
          <p class="hint">{how}</p>
          <pre>{code}</pre>
          <CopyButton key={code} name={name} text={code} />
        </li>
      ))}
    </ol>
  );
}
