/** What can be painted with: a canvas whose pixels are those of the page, from a corner of it. */
export interface Painter {
  readonly canvas: CanvasRenderingContext2D;
  /** Of the page, at the canvas's own corner. */
  readonly left: number;
  readonly top: number;
}
