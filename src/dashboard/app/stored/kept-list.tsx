import { useState } from 'preact/hooks';
import { Why } from '../panel/why.tsx';
import { words } from '../words/words.ts';
import { useShopViews } from './use-shop-views.ts';
import { useStored } from './use-stored.ts';

interface KeptListProps {
  /** Under which it is kept in this browser. */
  readonly id: string;
  /** What is kept when a name is given: a view of the page. */
  readonly now: string;
  /** Which of the shop's views belong here; all where it is absent. */
  readonly isOne?: (query: string) => boolean;
  readonly title: string;
  readonly says: {
    readonly name: string;
    readonly save: string;
    readonly open: (name: string) => string;
    readonly forget: (name: string) => string;
  };
  readonly onOpen: (text: string) => void;
}

/** What was kept by name, by the shop and in this browser: kept, opened and deleted. Where it is kept is said. */
export function KeptList({ id, now, isOne = () => true, title, says, onOpen }: KeptListProps) {
  const { places } = words().views;
  const { kept, keep, forget } = useStored(id);
  const shop = useShopViews();
  const [name, setName] = useState('');
  const { place } = shop;
  const submit = async (): Promise<void> => {
    const named = name.trim();
    if (named === '') return;
    if (place === 'browser') keep(named, now);
    if (place === 'browser' || (await shop.keep(named, now))) setName('');
  };
  const ofShop = shop.views.filter(({ query }) => isOne(query));
  // No form: it may stand in one.
  return (
    <fieldset ref={shop.watch} class="kept" data-kept={id}>
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
            void submit();
          }}
        />
        <button type="button" disabled={name.trim() === ''} onClick={() => void submit()}>
          {says.save}
        </button>
      </div>
      <p class="quiet" data-place={place}>
        {places.keptIn[place]}
      </p>
      {shop.wrong && (
        <p class="problem" role="alert">
          <Why problem={shop.wrong} />
        </p>
      )}
      <ul>
        {ofShop.map((one) => (
          <Item
            key={one.id}
            name={one.name}
            place={places.shop}
            says={says}
            onOpen={() => onOpen(one.query)}
            onForget={place === 'shop' ? () => void shop.forget(one.id) : undefined}
          />
        ))}
        {kept.map((one) => (
          <Item
            key={one.name}
            name={one.name}
            place={places.browser}
            says={says}
            onOpen={() => onOpen(one.text)}
            onForget={() => forget(one.name)}
          />
        ))}
      </ul>
    </fieldset>
  );
}

interface ItemProps extends Pick<KeptListProps, 'says'> {
  readonly name: string;
  readonly place: string;
  readonly onOpen: () => void;
  /** Nothing where it may not be deleted. */
  readonly onForget: (() => void) | undefined;
}

function Item({ name, place, says, onOpen, onForget }: ItemProps) {
  return (
    <li class="group">
      <button type="button" class="link" aria-label={says.open(name)} onClick={onOpen}>
        {name}
      </button>
      <span class="quiet">{place}</span>
      {onForget && (
        <button type="button" aria-label={says.forget(name)} onClick={onForget}>
          ✕
        </button>
      )}
    </li>
  );
}
