import { said } from '../words/said.ts';
import { words } from '../words/words.ts';
import { type Mark, type MarkedBucket, UNMARKED } from './marks/mark.ts';

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** What ECharts hands over of each series at the pointer. */
interface Pointed {
  readonly seriesName: string;
  readonly dataIndex: number;
  readonly color: string;
}

function row(color: string, name: string, value: string): HTMLElement {
  const line = document.createElement('div');
  line.className = 'tip-row';
  const mark = document.createElement('span');
  mark.className = 'tip-mark';
  mark.style.background = color;
  const number = document.createElement('b');
  number.textContent = value;
  line.append(mark, name, number);
  return line;
}

/** So many of what happened in a bucket are told beside its numbers. */
const TOLD = 4;

function noteRow({ text, color = '' }: Mark): HTMLElement {
  const line = document.createElement('div');
  line.className = `tip-note ${color}`;
  const mark = document.createElement('span');
  mark.className = 'tip-mark';
  line.append(mark, text);
  return line;
}

/** What happened in a bucket. */
function marksAt(marked: readonly MarkedBucket[], bucket: number): readonly Mark[] {
  return marked.find((one) => one.bucket === bucket)?.marks ?? [];
}

/** Made of elements, not of HTML: names come from events. */
export function tooltipOf(
  title: (i: number) => string,
  lines: readonly Line[],
  write: (n: number) => string,
  marked: readonly MarkedBucket[] = UNMARKED,
  moved?: (i: number) => string | undefined,
) {
  return (pointed: readonly Pointed[]): HTMLElement => {
    const tip = document.createElement('div');
    const i = pointed[0]?.dataIndex ?? 0;
    const head = document.createElement('div');
    head.textContent = title(i);
    tip.append(head);
    const colors = new Map(pointed.map(({ seriesName, color }) => [seriesName, color]));
    for (const { name, values } of lines) {
      const [color, value] = [colors.get(name), values[i]];
      if (color !== undefined && value != null) tip.append(row(color, name, write(value)));
    }
    const move = moved?.(i);
    if (move !== undefined) tip.append(row('none', said('Moved'), move));
    const marks = marksAt(marked, i);
    tip.append(...marks.slice(0, TOLD).map(noteRow));
    if (marks.length > TOLD) tip.append(words().notes.more(marks.length - TOLD));
    return tip;
  };
}
