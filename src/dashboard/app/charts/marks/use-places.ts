import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { MarkedBucket } from './mark.ts';
import { joined, type Place } from './place.ts';

/** What of a chart it needs. */
interface Plotted {
  convertToPixel(finder: { xAxisIndex: number; yAxisIndex: number }, point: number[]): number | number[];
  getWidth(): number;
}

export interface Places {
  /** Of the chart. */
  readonly width: number;
  readonly places: readonly Place[];
}

const NOWHERE: Places = { width: 0, places: [] };

/** Where marks are on a chart, on its axis; and what finds that out anew once it was drawn. */
export function usePlaces(chart: RefObject<Plotted | null>, marked: readonly MarkedBucket[]): [Places, () => void] {
  const [found, setFound] = useState(NOWHERE);
  const find = (): void => {
    const { current } = chart;
    if (current === null || (marked.length === 0 && found === NOWHERE)) return;
    const places = marked.map(({ bucket, marks }): Place => {
      const [x = 0, y = 0] = [current.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [bucket, 0])].flat();
      return { x, y, marks };
    });
    setFound({ width: current.getWidth(), places: joined(places) });
  };
  return [found, find];
}
