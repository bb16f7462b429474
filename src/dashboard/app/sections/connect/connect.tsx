import { useState } from 'preact/hooks';
import { ownProblem, type Problem } from '../../api/problem.ts';
import { send } from '../../api/send.ts';
import { Why } from '../../panel/why.tsx';
import { said } from '../../words/said.ts';
import { EndDemo } from './end-demo.tsx';
import { FirstEvent } from './first-event.tsx';
import { LastRequests } from './last-requests.tsx';
import { waysOf } from './ways.ts';

interface Made {
  readonly id: string;
  readonly key: string;
  readonly origin: string;
}

/** How a shop's own events come in. */
export function Connect() {
  const [made, setMade] = useState<Made>();
  return (
    <>
      <section class="panel wide connect" aria-labelledby="connect" data-panel="connect" data-state="loaded">
        <h3 id="connect">{said('Connect your shop')}</h3>
        {made === undefined ? <MakeKey onMade={setMade} /> : <FirstEvent keyId={made.id} />}
        <Ways made={made} />
        <p class="hint">
          {said('The key above may only send, and only from pages of that address, so it may stand in them.')}{' '}
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

function MakeKey({ onMade }: { readonly onMade: (made: Made) => void }) {
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState<Problem>();
  const make = async (): Promise<void> => {
    const origin = originOf(address.trim());
    if (origin === undefined)
      return setWrong(ownProblem(said('This is no address of a shop, such as https://shop.example.')));
    const input = { name: 'shop pages', kind: 'publishable', origins: [origin] };
    const sent = await send<{ readonly data: Omit<Made, 'origin'> }>('POST', '/v1/keys', input);
    if ('problem' in sent) setWrong(sent.problem);
    else if (sent.answer) onMade({ id: sent.answer.data.id, key: sent.answer.data.key, origin });
  };
  return (
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
      <button type="submit">{said('Make its key')}</button>
      <span id="connect-problem" class="problem" role="alert">
        {wrong && <Why problem={wrong} />}
      </span>
    </form>
  );
}

/** Of an address as people have it: with the path of a page, or without https. */
function originOf(address: string): string | undefined {
  const url = URL.parse(/^[a-z]+:\/\//i.test(address) ? address : `https://${address}`);
  return url !== null && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}

function Ways({ made }: { readonly made: Made | undefined }) {
  const ways = waysOf(location.origin, made?.origin ?? 'https://shop.example', made?.key ?? 'pk_YOUR_KEY');
  return (
    <ol class="ways">
      {ways.map(({ name, how, code }) => (
        <li key={name} data-way={name}>
          <h4>{name}</h4>
          <p class="hint">{how}</p>
          <pre>{code}</pre>
          <CopyButton name={name} text={code} />
        </li>
      ))}
    </ol>
  );
}

function CopyButton({ name, text }: { readonly name: string; readonly text: string }) {
  const [says, setSays] = useState(said('Copy'));
  return (
    <button
      type="button"
      aria-label={`${says} ${name}`}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setSays(said('Copied')),
          () => setSays(said('Select it and copy')),
        );
      }}
    >
      {says}
    </button>
  );
}
