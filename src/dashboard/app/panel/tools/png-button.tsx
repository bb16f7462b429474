import { useState } from 'preact/hooks';
import { pictureOf } from '../../charts/picture/picture.ts';
import { useShop } from '../../shop.ts';
import { formatFullDay } from '../../text/time.ts';
import { said } from '../../words/said.ts';
import { download, fileOf } from './csv.ts';

interface PngButtonProps {
  readonly name: string;
  readonly title: string;
  readonly disabled: boolean;
  /** The chart as it stands on the page. */
  readonly chartOf: () => Element | null | undefined;
}

/** The chart as a picture, to be put into a mail or a report. */
export function PngButton({ name, title, disabled, chartOf }: PngButtonProps) {
  const shop = useShop();
  const [hasFailed, setFailed] = useState(false);
  const { from, to } = shop;
  const dates = from === to ? formatFullDay(from) : `${formatFullDay(from)} – ${formatFullDay(to)}`;
  const save = async (): Promise<void> => {
    const chart = chartOf();
    if (!chart) return;
    download(`${fileOf(name, shop)}.png`, await pictureOf(chart, { title, about: `${dates} · ${location.hostname}` }));
    setFailed(false);
  };
  return (
    <button
      type="button"
      disabled={disabled}
      aria-label={said('PNG of {title}', { title })}
      title={hasFailed ? said('It could not be drawn; try again') : said('The chart as a picture')}
      onClick={() => {
        save().catch(() => setFailed(true));
      }}
    >
      {hasFailed ? said('PNG: try again') : 'PNG'}
    </button>
  );
}
