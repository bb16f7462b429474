import { ofValue } from '../../../metrics/fields.ts';
import { type DimensionValues, NO_VALUE, NONE } from '../../../metrics/sums/dimension-values.ts';
import type { NumberList } from '../../../metrics/sums/number-list.ts';
import type { Sums, Uniques } from '../../../metrics/sums/sums.ts';
import type { SeenUsers } from '../../../metrics/sums/window-sums.ts';
import { labelOf } from '../../../time/windows.ts';
import type { PieceWriter } from './piece-writer.ts';
import type { ShardKeys } from './shard-keys.ts';

/** Users go to the finest window alone; rollups merge hours into days. */
export function encodeUniques(sums: Sums, keys: ShardKeys, into: PieceWriter): void {
  const { users, values } = sums.dictionaries;
  for (const window of sums.windows())
    for (const [id, seen] of window.seen) {
      const uniques = sums.uniqueUsers[id];
      if (uniques === undefined) continue;
      const { family } = uniques;
      const [finest = 'hour'] = family.windows;
      const label = labelOf(window.time, finest);
      const seconds = keys.seconds(family, finest);
      for (const [dimensions, lists] of byDimensions(uniques, seen, values)) {
        into.begin('pfadd', [keys.of(family, dimensions, label)], [seconds]);
        for (const list of lists)
          for (let i = 0; i < list.size; i++) {
            const user = list.at(i);
            into.part(1).joined('', users.bytes, users.from(user), users.to(user));
          }
        into.end();
      }
    }
}

/** What stands in each key; a value's is written once, in however many combinations its users were seen: a key costs more than a user. */
function byDimensions({ text }: Uniques, seen: SeenUsers, values: DimensionValues): Map<string, NumberList[]> {
  const found = new Map<string, NumberList[]>();
  const add = (dimensions: string, users: NumberList): void => {
    const lists = found.get(dimensions);
    if (lists === undefined) found.set(dimensions, [users]);
    else lists.push(users);
  };
  for (const [combination, users] of seen) {
    if (combination === NO_VALUE) add(text, users);
    for (const [dimension, name] of values.names.entries())
      if (values.part(combination, dimension) !== NONE)
        add(ofValue(text, name, values.text(combination, dimension)), users);
  }
  return found;
}
