import { useState } from 'preact/hooks';
import { useStored } from './use-stored.ts';

interface KeptListProps {
  /** Under which it is kept in this browser. */
  readonly id: string;
  /** What is kept when a name is given. */
  readonly now: string;
  readonly title: string;
  readonly says: {
    readonly name: string;
    readonly save: string;
    readonly open: (name: string) => string;
    readonly forget: (name: string) => string;
  };
  readonly onOpen: (text: string) => void;
}

/** What was kept by name: kept, opened and deleted. */
export function KeptList({ id, now, title, says, onOpen }: KeptListProps) {
  const { kept, keep, forget } = useStored(id);
  const [name, setName] = useState('');
  const submit = (): void => {
    const named = name.trim();
    if (named === '') return;
    keep(named, now);
    setName('');
  };
  // No form: it may stand in one.
  return (
    <fieldset class="kept" data-kept={id}>
      <legend class="quiet">{title}</legend>
      <div class="group">
        <input
          type="text"
          aria-label={says.name}
          placeholder={says.name}
          maxLength={60}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            submit();
          }}
        />
        <button type="button" disabled={name.trim() === ''} onClick={submit}>
          {says.save}
        </button>
      </div>
      <ul>
        {kept.map((one) => (
          <li key={one.name} class="group">
            <button type="button" class="link" aria-label={says.open(one.name)} onClick={() => onOpen(one.text)}>
              {one.name}
            </button>
            <button type="button" aria-label={says.forget(one.name)} onClick={() => forget(one.name)}>
              ✕
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
