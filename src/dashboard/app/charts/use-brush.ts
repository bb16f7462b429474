import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';

/** What of a chart it needs. */
interface Plotted {
  containPixel(finder: { gridIndex: number }, point: number[]): boolean;
  convertFromPixel(finder: { xAxisIndex: number }, x: number): number | number[];
}

interface Drawn {
  readonly fromX: number;
  readonly toX: number;
}

/** A pointer that presses a bucket, or draws over several; a table does the same by keyboard. */
export function useBrush(
  chart: RefObject<Plotted | null>,
  onPick: ((first: number, last: number) => void) | undefined,
) {
  const [drawn, setDrawn] = useState<Drawn>();
  if (onPick === undefined) return {};
  const xOf = (event: PointerEvent & { readonly currentTarget: HTMLElement }): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;
  const bucketAt = (x: number): number => Math.max(0, Number(chart.current?.convertFromPixel({ xAxisIndex: 0 }, x)));
  const events = {
    onPointerDown(event: PointerEvent & { readonly currentTarget: HTMLElement }) {
      const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
      const x = xOf(event);
      if (event.button !== 0 || event.pointerType === 'touch') return;
      if (chart.current?.containPixel({ gridIndex: 0 }, [x, y])) setDrawn({ fromX: x, toX: x });
    },
    onPointerMove(event: PointerEvent & { readonly currentTarget: HTMLElement }) {
      if (drawn) setDrawn({ ...drawn, toX: xOf(event) });
    },
    onPointerUp() {
      setDrawn(undefined);
      if (drawn) onPick(bucketAt(Math.min(drawn.fromX, drawn.toX)), bucketAt(Math.max(drawn.fromX, drawn.toX)));
    },
    onPointerLeave: () => setDrawn(undefined),
  };
  if (drawn === undefined || drawn.fromX === drawn.toX) return { events };
  const span = { left: Math.min(drawn.fromX, drawn.toX), width: Math.abs(drawn.toX - drawn.fromX) };
  return { events, span };
}
