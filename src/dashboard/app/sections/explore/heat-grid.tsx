import { scroller } from '../../panel/table.tsx';

export interface HeatCell {
  /** What is written in it; nothing is drawn without. */
  readonly text: string;
  /** From 0 to 1, how dark it is. */
  readonly shade: number;
  /** Said to who points at it or has it read out. */
  readonly says?: string;
  readonly isSoFar?: boolean;
}

export interface HeatRow {
  readonly name: string;
  readonly lead: readonly string[];
  readonly cells: readonly (HeatCell | undefined)[];
}

interface HeatGridProps {
  readonly label: string;
  /** Above the rows' names, what leads them, and each column. */
  readonly heads: readonly string[];
  readonly rows: readonly HeatRow[];
}

/** Ink stays readable on it in both themes. */
const DARKEST = 40;

/** Numbers with a shade behind each, so that the eye finds what the numbers say. */
export function HeatGrid({ label, heads, rows }: HeatGridProps) {
  return (
    <div class="chart scroll heat" {...scroller(label)}>
      <table>
        <caption class="hidden">{label}</caption>
        <thead>
          <tr>
            {heads.map((head, i) => (
              <th key={head} scope="col" class={i === 0 ? 'lead' : 'number'}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, lead, cells }) => (
            <tr key={name}>
              <th scope="row" class="lead">
                {name}
              </th>
              {lead.map((text, i) => (
                <td key={i} class="number">
                  {text}
                </td>
              ))}
              {cells.map((cell, i) => (
                <Cell key={i} cell={cell} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell }: { readonly cell: HeatCell | undefined }) {
  if (cell === undefined) return <td />;
  const percent = Math.round(DARKEST * Math.min(1, Math.max(0, cell.shade)));
  return (
    <td
      class={cell.isSoFar ? 'number heated so-far' : 'number heated'}
      title={cell.says}
      style={{ background: `color-mix(in srgb, var(--accent) ${percent}%, transparent)` }}
    >
      {cell.text}
    </td>
  );
}
