import { paintSvg } from './paint-svg.ts';
import type { Painter } from './painter.ts';

/**
 * Paints what an element shows onto a canvas: backgrounds, lines, words and drawings, as the browser has laid them out. No
 * image is made of it on the way, since the page's policy lets none in but the server's own.
 */
export function paint(element: Element, painter: Painter): void {
  if (element instanceof SVGSVGElement) {
    paintSvg(element, painter);
    return;
  }
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility === 'hidden' || element.classList.contains('hidden')) return;
  paintBox(element, style, painter);
  for (const child of element.childNodes) {
    if (child instanceof Element) paint(child, painter);
    else if (child instanceof Text) paintWords(child, style, painter);
  }
}

function paintBox(element: Element, style: CSSStyleDeclaration, { canvas, left, top }: Painter): void {
  const { x, y, ...box } = boxOf(element, left, top);
  canvas.fillStyle = style.backgroundColor;
  canvas.beginPath();
  canvas.roundRect(x, y, box.width, box.height, Number.parseFloat(style.borderTopLeftRadius) || 0);
  canvas.fill();
  if (style.backgroundImage !== 'none') hatch(canvas, style, { x, y, ...box });
  const line = (width: string, kind: string, color: string, path: () => void): void => {
    if (kind === 'none' || Number.parseFloat(width) === 0) return;
    stroked(canvas, color, Number.parseFloat(width), kind === 'dashed' ? [3, 3] : [], path);
  };
  line(style.outlineWidth, style.outlineStyle, style.outlineColor, () =>
    canvas.rect(x + 0.5, y + 0.5, box.width - 1, box.height - 1),
  );
  line(style.borderBottomWidth, style.borderBottomStyle, style.borderBottomColor, () => {
    canvas.moveTo(x, y + box.height - 0.5);
    canvas.lineTo(x + box.width, y + box.height - 0.5);
  });
  line(style.borderLeftWidth, style.borderLeftStyle, style.borderLeftColor, () => {
    canvas.moveTo(x + 0.5, y);
    canvas.lineTo(x + 0.5, y + box.height);
  });
}

function stroked(
  canvas: CanvasRenderingContext2D,
  color: string,
  width: number,
  dashes: number[],
  path: () => void,
): void {
  canvas.save();
  canvas.strokeStyle = color;
  canvas.lineWidth = width;
  canvas.setLineDash(dashes);
  canvas.beginPath();
  path();
  canvas.stroke();
  canvas.restore();
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where an element is, by whole pixels, as browsers paint boxes. */
function boxOf(element: Element, left: number, top: number): Box {
  const box = element.getBoundingClientRect();
  const [x, y] = [Math.round(box.left), Math.round(box.top)];
  const [width, height] = [Math.round(box.right) - x, Math.round(box.bottom) - y];
  return { x: x - Math.round(left), y: y - Math.round(top), width, height };
}

/** Those who left, as the page has them: lines from one corner to the other. */
function hatch(canvas: CanvasRenderingContext2D, style: CSSStyleDeclaration, { x, y, width, height }: Box): void {
  canvas.save();
  canvas.beginPath();
  canvas.rect(x, y, width, height);
  canvas.clip();
  canvas.globalAlpha = 0.45;
  stroked(canvas, style.getPropertyValue('--series-1'), 2, [], () => {
    // As the gradient has it: a line two pixels wide, every eight, from the upper left corner on.
    for (let along = 1; along < (width + height) / Math.SQRT2; along += 8) {
      const from = x + along * Math.SQRT2;
      canvas.moveTo(from - height, y + height);
      canvas.lineTo(from, y);
    }
  });
  canvas.restore();
}

/** Each word where it stands, so that lines that are broken stay so. */
function paintWords(text: Text, style: CSSStyleDeclaration, { canvas, left, top }: Painter): void {
  canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  canvas.fillStyle = style.color;
  canvas.textAlign = 'left';
  canvas.textBaseline = 'middle';
  const range = document.createRange();
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const box = range.getBoundingClientRect();
    if (box.width > 0) canvas.fillText(word, box.left - left, box.top - top + box.height / 2 + 1);
  }
  if (style.textDecorationLine !== 'underline') return;
  range.selectNodeContents(text);
  // Two pixels below where letters stand, in a row of pixels of its own.
  const below = 2 + 0.35 * Number.parseFloat(style.fontSize);
  for (const { x, y, width, height } of range.getClientRects()) {
    const at = Math.round(y - top + height / 2 + below) + 0.5;
    stroked(canvas, style.color, 1, [], () => {
      canvas.moveTo(x - left, at);
      canvas.lineTo(x - left + width, at);
    });
  }
}
