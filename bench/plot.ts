/**
 * Plots of what a benchmark measured, as SVG: lines with points over two axes, a title, a legend. Takes names, units and
 * points; gives the text of the picture, or writes it to docs/plots. Draws on white, so that it reads on a dark page too.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/lib/package-root.js';
import { linearScale, logarithmicScale, type Scale, tickText } from './plot-scale.js';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  readonly title: string;
  /** What lies along the axis, with its unit. */
  readonly x: string;
  readonly y: string;
  readonly axes: 'linear' | 'logarithmic';
  readonly series: readonly Series[];
}

const SIZE = { width: 720, height: 420 };
const FRAME = { left: 76, right: 24, top: 48, bottom: 92 };
const INNER = {
  width: SIZE.width - FRAME.left - FRAME.right,
  height: SIZE.height - FRAME.top - FRAME.bottom,
};
/** Told apart by those who see fewer colours too (Okabe and Ito's). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00'] as const;
const INK = '#333333';
const LEGEND_CHARACTER = 7;

/** Writes the picture; gives the line of Markdown that shows it. */
export function writePlot(name: string, plot: Plot): string {
  const folder = join(packageRoot, 'docs', 'plots');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.svg`), plotSvg(plot));
  return `![${plot.title}](plots/${name}.svg)`;
}

export function plotSvg(plot: Plot): string {
  const scale = plot.axes === 'linear' ? linearScale : logarithmicScale;
  const points = plot.series.flatMap((series) => series.points);
  const x = scale(points.map(([value]) => value));
  const y = scale(points.map(([, value]) => value));
  const atX = (value: number): number => FRAME.left + x.at(value) * INNER.width;
  const atY = (value: number): number => FRAME.top + (1 - y.at(value)) * INNER.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="${INK}" role="img">`,
    `<title>${escaped(plot.title)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    text(SIZE.width / 2, 26, plot.title, 'middle', 'font-size="16" font-weight="bold"'),
    ...gridOf(x, y, atX, atY),
    text(FRAME.left + INNER.width / 2, SIZE.height - FRAME.bottom + 44, plot.x, 'middle'),
    text(0, 0, plot.y, 'middle', `transform="translate(20 ${FRAME.top + INNER.height / 2}) rotate(-90)"`),
    ...plot.series.flatMap((series, index) => curveOf(series, colourOf(index), atX, atY)),
    ...legendOf(plot.series),
    '</svg>',
    '',
  ].join('\n');
}

type Place = (value: number) => number;

function gridOf(x: Scale, y: Scale, atX: Place, atY: Place): readonly string[] {
  const [left, right] = [FRAME.left, FRAME.left + INNER.width];
  const [top, bottom] = [FRAME.top, FRAME.top + INNER.height];
  const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
    `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colour}"/>`;
  return [
    ...x.ticks.flatMap((tick) => [
      line(atX(tick), top, atX(tick), bottom, '#e4e4e4'),
      text(atX(tick), bottom + 20, tickText(tick), 'middle'),
    ]),
    ...y.ticks.flatMap((tick) => [
      line(left, atY(tick), right, atY(tick), '#e4e4e4'),
      text(left - 8, atY(tick) + 4, tickText(tick), 'end'),
    ]),
    line(left, bottom, right, bottom, INK),
    line(left, top, left, bottom, INK),
  ];
}

function curveOf({ points }: Series, colour: string, atX: Place, atY: Place): readonly string[] {
  const places = points.map(([x, y]) => [round(atX(x)), round(atY(y))] as const);
  return [
    `<polyline points="${places.map((place) => place.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="4" fill="${colour}"/>`),
  ];
}

/** One after the other below the axis. */
function legendOf(series: readonly Series[]): readonly string[] {
  const widths = series.map(({ name }) => 34 + name.length * LEGEND_CHARACTER);
  const all = widths.reduce((sum, width) => sum + width, 0);
  const y = SIZE.height - 18;
  let x = (SIZE.width - all) / 2;
  return series.flatMap(({ name }, index) => {
    const begin = x;
    x += widths[index] ?? 0;
    return [
      `<line x1="${round(begin)}" y1="${y - 4}" x2="${round(begin + 20)}" y2="${y - 4}" stroke="${colourOf(index)}" stroke-width="3"/>`,
      text(begin + 26, y, name, 'start'),
    ];
  });
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? INK;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${escaped(words)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
