import type { Painter } from './painter.ts';

/** Paints a drawing, shape by shape. */
export function paintSvg(svg: SVGSVGElement, painter: Painter): void {
  for (const child of svg.children) paintShape(child, svg, painter);
}

function paintShape(element: Element, svg: SVGSVGElement, painter: Painter): void {
  if (!(element instanceof SVGGraphicsElement) || element instanceof SVGDefsElement) return;
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden') return;
  const { canvas } = painter;
  canvas.save();
  canvas.globalAlpha *= Number(style.opacity);
  place(element, painter);
  clip(element, svg, canvas);
  if (element instanceof SVGTextElement) paintText(element, style, canvas);
  else if (element instanceof SVGPathElement) paintPath(element, style, canvas);
  for (const child of element.children) paintShape(child, svg, painter);
  canvas.restore();
}

/** Where the element's own coordinates lie on the canvas. */
function place(element: SVGGraphicsElement, { canvas, left, top }: Painter): void {
  const matrix = element.getScreenCTM();
  if (matrix === null) return;
  const { a, b, c, d, e, f } = matrix;
  const scale = canvas.canvas.width / Number(canvas.canvas.dataset['width']);
  canvas.setTransform(a * scale, b * scale, c * scale, d * scale, (e - left) * scale, (f - top) * scale);
}

function clip(element: Element, svg: SVGSVGElement, canvas: CanvasRenderingContext2D): void {
  const id = /#([^)"]+)/.exec(element.getAttribute('clip-path') ?? '')?.[1];
  const path = id === undefined ? null : svg.querySelector(`#${CSS.escape(id)} path`);
  if (path) canvas.clip(new Path2D(path.getAttribute('d') ?? ''));
}

function paintPath(element: SVGPathElement, style: CSSStyleDeclaration, canvas: CanvasRenderingContext2D): void {
  const path = new Path2D(element.getAttribute('d') ?? '');
  const alpha = canvas.globalAlpha;
  if (style.fill !== 'none') {
    canvas.globalAlpha = alpha * Number(style.fillOpacity);
    canvas.fillStyle = style.fill;
    canvas.fill(path);
  }
  // A canvas takes no line of no width.
  if (style.stroke === 'none' || Number.parseFloat(style.strokeWidth) === 0) return;
  canvas.globalAlpha = alpha * Number(style.strokeOpacity);
  canvas.strokeStyle = style.stroke;
  canvas.lineWidth = Number.parseFloat(style.strokeWidth);
  canvas.setLineDash(style.strokeDasharray === 'none' ? [] : style.strokeDasharray.split(',').map(Number.parseFloat));
  canvas.stroke(path);
}

const ANCHORS: Readonly<Record<string, CanvasTextAlign>> = { middle: 'center', end: 'right' };

function paintText(element: SVGTextElement, style: CSSStyleDeclaration, canvas: CanvasRenderingContext2D): void {
  const at = (name: string): number => Number(element.getAttribute(name) ?? 0);
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  canvas.fillStyle = style.fill;
  canvas.textAlign = ANCHORS[style.textAnchor] ?? 'left';
  canvas.textBaseline = style.dominantBaseline === 'central' ? 'middle' : 'alphabetic';
  canvas.fillText(element.textContent ?? '', at('x'), at('y'));
}
