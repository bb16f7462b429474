import type { Change } from '../../view.ts';
import { words } from '../../words/words.ts';
import type { SectionProps } from '../section.ts';
import { inView, NONE, pathOf } from './path.ts';

interface LevelsProps extends SectionProps {
  /** What is listed below: products, or categories. */
  readonly of: 'products' | 'categories';
}

/** Each level of a category, as the way back to what is in it. */
export function Levels({ view, change, of }: LevelsProps) {
  const { catalogue: says } = words();
  const path = pathOf(view);
  // One that has no levels below it is itself what is listed.
  const isHere = (i: number): boolean => i === path.length - 1 && view.group === 'category';
  const called = (name: string): string => (name === NONE ? says.noCategory : name);
  return (
    <nav class="trail" aria-label={says.trail}>
      <Level name={says.allCategories} path={[]} change={change} />
      {path.map((name, i) => (
        <span key={`${i} ${name}`} class="level">
          {isHere(i) ? (
            <b>{called(name)}</b>
          ) : (
            <Level name={called(name)} path={path.slice(0, i + 1)} change={change} />
          )}
        </span>
      ))}
      {of === 'categories' && (
        <button type="button" onClick={() => change({ group: '' })}>
          {says.itsProducts}
        </button>
      )}
    </nav>
  );
}

interface LevelProps {
  readonly name: string;
  readonly path: readonly string[];
  readonly change: Change;
}

function Level({ name, path, change }: LevelProps) {
  return (
    <button type="button" class="link" onClick={() => change({ group: 'category', brand: '', ...inView(path) })}>
      {name}
    </button>
  );
}

/** What products are narrowed down to, and the way back to all; nothing where all are listed. */
export function productTrail({ view, change }: SectionProps) {
  const { catalogue: says } = words();
  const { brand } = view;
  const hasCategory = pathOf(view).length > 0;
  if (!hasCategory && brand === '') return undefined;
  return (
    <div class="trail">
      {hasCategory && <Levels view={view} change={change} of="products" />}
      {brand !== '' && (
        <span>
          <span class="quiet">{says.brand}</span> {brand === NONE ? says.noBrand : brand}
        </span>
      )}
      <button type="button" onClick={() => change({ group: '', brand: '', ...inView([]) })}>
        {says.allProducts}
      </button>
    </div>
  );
}
