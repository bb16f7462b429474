import { Choice } from '../../panel/choice.tsx';
import { CHOICES, type Change, type View } from '../../view.ts';
import { words } from '../../words/words.ts';
import { inView } from './path.ts';

interface GroupChoiceProps {
  readonly group: View['group'];
  readonly change: Change;
}

/** Products one by one, or put together, which begins with the whole. */
export function GroupChoice({ group: listed, change }: GroupChoiceProps) {
  const { catalogue: says } = words();
  return (
    <Choice
      label={says.listed}
      value={listed}
      options={CHOICES.group}
      called={(group) => says.groups[group]}
      onChoose={(group) => change(group === '' ? { group } : { group, brand: '', ...inView([]) })}
    />
  );
}
