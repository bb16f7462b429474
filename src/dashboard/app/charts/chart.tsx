import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendPlainComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { ThemeContext } from '../shop.ts';
import { type MarkedBucket, UNMARKED } from './marks/mark.ts';
import { Marks } from './marks/marks.tsx';
import { usePlaces } from './marks/use-places.ts';
import { type ChartOption, themed } from './theme.ts';
import { useBrush } from './use-brush.ts';

use([BarChart, LineChart, GridComponent, LegendPlainComponent, TooltipComponent, SVGRenderer]);

interface ChartProps {
  readonly label: string;
  /** The same object as long as nothing else is to be seen. */
  readonly option: ChartOption;
  readonly height?: number;
  /** What happened in its buckets. */
  readonly marked?: readonly MarkedBucket[];
  /** Called with the first and the last bucket that were clicked or drawn over. */
  readonly onPick?: ((first: number, last: number) => void) | undefined;
}

export function Chart({ label, option, height = 240, onPick, marked = UNMARKED }: ChartProps) {
  const theme = useContext(ThemeContext);
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init> | null>(null);
  const [places, findPlaces] = usePlaces(chart, marked);
  const newest = useRef(findPlaces);
  newest.current = findPlaces;
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const made = init(current, null, { renderer: 'svg' });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.resize();
      newest.current();
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    // What is shown already is kept: a tooltip that is read, and series that were switched off in the legend.
    chart.current?.setOption(themed(option), { replaceMerge: ['series'] });
  }, [option, theme]);
  useEffect(findPlaces, [option, theme, marked]);
  const brush = useBrush(chart, onPick);
  return (
    <div class={onPick ? 'charted brushed' : 'charted'} {...brush.events}>
      <div ref={element} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />
      <Marks {...places} />
      {brush.span && <div class="brush" style={{ left: `${brush.span.left}px`, width: `${brush.span.width}px` }} />}
    </div>
  );
}
