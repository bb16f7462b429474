import { useState } from 'preact/hooks';
import { storedKey, whatIsWrongWith } from './api/key.ts';
import { said } from './words/said.ts';

/** Asks for a key once; it is tried before it is kept, and stays in this browser. */
export function KeyPrompt({ onKey }: { readonly onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
  const [isTrying, setTrying] = useState(false);
  const [wrong, setWrong] = useState(
    storedKey() === null ? undefined : said('The key of this browser is not known to the server any more.'),
  );
  const enter = async (): Promise<void> => {
    const entered = key.trim();
    if (entered === '') return;
    setTrying(true);
    const problem = await whatIsWrongWith(entered);
    setTrying(false);
    setWrong(problem);
    if (problem === undefined) onKey(entered);
  };
  return (
    <form
      class="panel wide key"
      aria-labelledby="key-title"
      onSubmit={(event) => {
        event.preventDefault();
        enter().catch(() => setTrying(false));
      }}
    >
      <h2 id="key-title">{said('A key is needed')}</h2>
      <p>{said('This server shows its numbers to those with a read key. It stays in this browser.')}</p>
      <label>
        {said('Read key')}
        <input
          type="password"
          autocomplete="off"
          value={key}
          aria-invalid={wrong !== undefined}
          aria-describedby="key-problem"
          onInput={(e) => setKey(e.currentTarget.value)}
        />
      </label>
      <p id="key-problem" class="problem" role="alert">
        {wrong}
      </p>
      <button type="submit" disabled={isTrying}>
        {said('Show the numbers')}
      </button>
    </form>
  );
}
