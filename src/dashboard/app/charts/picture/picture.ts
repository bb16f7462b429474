import { paint } from './paint.ts';

interface Caption {
  readonly title: string;
  /** Below it: the period, and whose numbers these are. */
  readonly about: string;
}

const SCALE = 2;
const MARGIN = 20;
const HEAD = 58;

/** A chart as a picture, as it stands on the page, with what one has to know to read it elsewhere. */
export async function pictureOf(chart: Element, { title, about }: Caption): Promise<Blob> {
  const width = Math.max(360, chart.scrollWidth) + 2 * MARGIN;
  const height = chart.scrollHeight + HEAD + 2 * MARGIN;
  const element = document.createElement('canvas');
  element.width = width * SCALE;
  element.height = height * SCALE;
  element.dataset['width'] = String(width);
  const canvas = element.getContext('2d');
  if (canvas === null) throw new Error('this browser can’t draw');
  canvas.scale(SCALE, SCALE);
  const { fontFamily, getPropertyValue } = inkOf(chart);
  canvas.fillStyle = getPropertyValue('--card');
  canvas.fillRect(0, 0, width, height);
  canvas.textBaseline = 'alphabetic';
  canvas.fillStyle = getPropertyValue('--ink');
  canvas.font = `650 17px ${fontFamily}`;
  canvas.fillText(title, MARGIN, MARGIN + 16, width - 2 * MARGIN);
  canvas.fillStyle = getPropertyValue('--quiet');
  canvas.font = `13px ${fontFamily}`;
  canvas.fillText(about, MARGIN, MARGIN + 38, width - 2 * MARGIN);
  const { left, top } = chart.getBoundingClientRect();
  const corner = { left: left - chart.scrollLeft - MARGIN, top: top - chart.scrollTop - HEAD - MARGIN };
  // Of a drawing alone what is drawn: its tooltip lies beside it.
  for (const part of chart.querySelector('svg') ? chart.querySelectorAll('svg') : [chart])
    paint(part, { canvas, ...corner });
  return new Promise((done, failed) => {
    element.toBlob((blob) => (blob ? done(blob) : failed(new Error('the picture is too large'))), 'image/png');
  });
}

function inkOf(element: Element) {
  const style = getComputedStyle(element);
  return { fontFamily: style.fontFamily, getPropertyValue: (name: string) => style.getPropertyValue(name).trim() };
}
