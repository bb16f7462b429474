import { expect, test } from 'vitest';
import { type Column, readCell } from '../../src/dashboard/app/panel/columns.ts';
import { counted } from '../../src/dashboard/app/text/format.ts';
import { nameAmong } from '../../src/dashboard/app/text/item-name.ts';
import { formatDay, formatPeriod } from '../../src/dashboard/app/text/time.ts';

const mug = (item_id: string, value = 0) => ({ item_id, item_name: 'Mug', value });
type Item = Omit<ReturnType<typeof mug>, 'item_name'> & { readonly item_name: string | null };

test('items of one name are told apart by their id; others, and one by itself, need none', () => {
  const items: readonly Item[] = [
    mug('A'),
    { ...mug('B'), item_name: 'Lamp' },
    mug('C'),
    { ...mug('D'), item_name: null },
  ];
  expect(items.map((item) => nameAmong(item, items))).toEqual(['Mug (A)', 'Lamp', 'Mug (C)', 'D']);
  expect(nameAmong(mug('A'), [mug('A'), mug('A')])).toBe('Mug');
});

test('a cell is told which rows it stands among', () => {
  const column: Column<Item> = { key: 'item_name', label: 'Item', as: 'text', of: nameAmong };
  expect(readCell(column, mug('A'), [mug('A'), mug('C')])).toBe('Mug (A)');
});

test('a date has its year where that is another than now, and so have both ends of a period', () => {
  const year = new Date().getFullYear();
  expect(formatDay(`${year}-03-04`)).not.toContain(String(year));
  expect(formatDay(`${year - 1}-03-04`)).toContain(String(year - 1));
  expect(formatPeriod(`${year}-03-01`, `${year}-03-04`)).not.toContain(String(year));
  expect(formatPeriod(`${year - 1}-03-01`, `${year - 1}-03-04`)).toContain(String(year - 1));
  const across = formatPeriod(`${year - 1}-12-30`, `${year}-01-02`);
  expect([across.includes(String(year - 1)), across.includes(String(year))]).toEqual([true, true]);
});

test('one is not called by the words of several', () => {
  expect([0, 1, 2].map((n) => counted(n, 'one cart', '{n} carts'))).toEqual(['0 carts', 'one cart', '2 carts']);
});
