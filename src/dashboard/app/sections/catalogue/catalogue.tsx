import { askAll } from '../../api/ask.ts';
import { answerOf, useAnswer } from '../../api/use-answer.ts';
import { useRoom } from '../../panel/use-room.ts';
import { useShop } from '../../shop.ts';
import { oneOf } from '../../view.ts';
import { words } from '../../words/words.ts';
import { Products } from '../products.tsx';
import type { SectionProps } from '../section.ts';
import { GroupPanel } from './group-panel.tsx';
import { inView, isLeaf, LEVELS, NONE, pathOf } from './path.ts';
import { SALES_KEYS } from './sales-columns.ts';
import { Levels } from './trail.tsx';

/** Products one by one, or by category, level by level, or by brand. */
export function Catalogue(props: SectionProps) {
  const { group } = props.view;
  if (group === 'brand') return <Brands {...props} />;
  // Below the last level there are products alone.
  if (group === 'category' && pathOf(props.view).length < LEVELS.length) return <Categories {...props} />;
  return <Products {...props} />;
}

const ofCategory = <R extends { readonly category: string }>({ category: name, ...figures }: R) => ({
  name,
  ...figures,
});
const ofBrand = <R extends { readonly brand: string }>({ brand: name, ...figures }: R) => ({ name, ...figures });

function Categories(props: SectionProps) {
  const { view, change } = props;
  const { catalogue: says } = words();
  const { from, to, currency, refreshMs } = useShop();
  const path = pathOf(view);
  const { limit, onMore } = useRoom(10);
  const query = { from, to, currency, sort: oneOf(SALES_KEYS, view.by), level: path.length + 1, ...inView(path) };
  const loaded = useAnswer('/v1/categories', { ...query, limit }, { everyMs: refreshMs });
  const rows = answerOf(loaded)?.data.map(ofCategory) ?? [];
  const names = rows.map(({ name }) => name);
  if (rows.length > 0 && isLeaf(path, names)) return <Products {...props} />;
  return (
    <GroupPanel
      {...props}
      name="categories"
      title={says.groups.category}
      hint={says.categoryHint}
      figures={path.length > 0 && <Levels view={view} change={change} of="categories" />}
      label={says.category}
      called={(name) => (name === NONE ? says.noCategory : name)}
      loaded={loaded}
      rows={rows}
      allRows={async () => (await askAll('/v1/categories', query)).map(ofCategory)}
      onMore={onMore}
      onChoose={(name) => change(inView([...path, name]))}
    />
  );
}

function Brands(props: SectionProps) {
  const { view, change } = props;
  const { catalogue: says } = words();
  const { from, to, currency, refreshMs } = useShop();
  const { limit, onMore } = useRoom(10);
  const query = { from, to, currency, sort: oneOf(SALES_KEYS, view.by) };
  const loaded = useAnswer('/v1/brands', { ...query, limit }, { everyMs: refreshMs });
  return (
    <GroupPanel
      {...props}
      name="brands"
      title={says.groups.brand}
      hint={says.brandHint}
      label={says.brand}
      called={(name) => (name === NONE ? says.noBrand : name)}
      loaded={loaded}
      rows={answerOf(loaded)?.data.map(ofBrand) ?? []}
      allRows={async () => (await askAll('/v1/brands', query)).map(ofBrand)}
      onMore={onMore}
      onChoose={(brand) => change({ group: '', brand, ...inView([]) })}
    />
  );
}
