import type { Widget } from '../cloudwatch/dashboard-body.ts';
import { chart, short } from './chart.ts';
import type { Line, Span } from './series.ts';
import type { Theme } from './theme.ts';

/** A widget with what it shows. */
export interface Filled {
  readonly widget: Widget;
  readonly lines: readonly Line[];
  /** Of an alarm widget: states by alarm, in the widget's order. */
  readonly states: readonly (readonly [name: string, state: string])[];
}

/** Pixels of one of the 24 columns, and of one row. */
const column = 58;
const row = 46;
const gap = 8;
const titlePixels = 28;

/** A dashboard as one SVG picture, laid out as its definition says. */
export function picture(filled: readonly Filled[], span: Span, theme: Theme): string {
  const width = 24 * column + gap;
  const height = Math.max(...filled.map(({ widget }) => widget.y + widget.height)) * row + gap;
  const panels = filled.map((one) => panel(one, span, theme)).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="${theme.font}">
<rect width="100%" height="100%" fill="${theme.page}"/>${panels}</svg>`;
}

function panel(filled: Filled, span: Span, theme: Theme): string {
  const { widget } = filled;
  const x = widget.x * column + gap;
  const y = widget.y * row + gap;
  const width = widget.width * column - gap;
  const height = widget.height * row - gap;
  const inner = content(filled, { width, height: height - titlePixels, span, theme });
  if (widget.type === 'text') return `<g transform="translate(${x},${y})">${inner}</g>`;
  // A figure's unit stands below it.
  const { title: full = '', view } = widget.properties;
  const title = words(view === 'singleValue' ? full.replace(unitAtEnd, '') : full, {
    x: 10,
    y: 19,
    size: 12,
    fill: theme.text,
    weight: 'bold',
  });
  return `<g transform="translate(${x},${y})"><rect width="${width}" height="${height}" rx="4" fill="${theme.panel}" stroke="${theme.border}"/>${title}<g transform="translate(0,${titlePixels})">${inner}</g></g>`;
}

const unitAtEnd = / \(([^)]+)\)$/;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly span: Span;
  readonly theme: Theme;
}

function content({ widget, lines, states }: Filled, frame: Frame): string {
  const { width, height, theme } = frame;
  const { properties, type } = widget;
  if (type === 'text') return markdown(properties.markdown ?? '', theme);
  if (type === 'alarm') return alarmGrid(states, frame);
  if (type === 'log') {
    const query = (properties.query ?? '').split('\n').slice(0, 8);
    const note = words('Logs Insights, asked when the dashboard is opened:', {
      x: 10,
      y: 12,
      size: 10,
      fill: theme.muted,
    });
    return (
      note +
      query.map((line, position) => words(line, { x: 10, y: 30 + position * 15, size: 10, fill: theme.text })).join('')
    );
  }
  if (lines.length === 0) {
    return words('no data in this run', {
      x: width / 2,
      y: height / 2,
      size: 11,
      fill: theme.muted,
      anchor: 'middle',
    });
  }
  if (properties.view === 'singleValue') {
    const [line] = lines;
    const last = [...(line?.points ?? [])].sort(([one], [other]) => one - other).at(-1)?.[1] ?? Number.NaN;
    const figure = Math.abs(last) >= 10 && Math.abs(last) < 1_000 ? String(Number(last.toFixed(1))) : short(last);
    return (
      words(figure, { x: width / 2, y: height / 2 + 6, size: 30, fill: theme.text, anchor: 'middle' }) +
      words(unitAtEnd.exec(properties.title ?? '')?.[1] ?? '', {
        x: width / 2,
        y: height / 2 + 30,
        size: 10,
        fill: theme.muted,
        anchor: 'middle',
      })
    );
  }
  return chart(widget, lines, frame);
}

function markdown(text: string, theme: Theme): string {
  return text
    .split('\n')
    .map((line, position) => {
      const heading = line.startsWith('# ');
      const plain = line.replace(/^# /, '').replaceAll('`', '');
      return words(plain, {
        x: 4,
        y: 22 + position * 26,
        size: heading ? 18 : 12,
        fill: heading ? theme.text : theme.muted,
        weight: heading ? 'bold' : 'normal',
      });
    })
    .join('');
}

function alarmGrid(states: Filled['states'], { width, height, theme }: Frame): string {
  const columns = 3;
  const rows = Math.ceil(states.length / columns);
  const step = Math.min(20, (height - 8) / rows);
  const across = (width - 16) / columns;
  return states
    .map(([name, state], position) => {
      const x = 10 + Math.floor(position / rows) * across;
      const y = 4 + (position % rows) * step;
      const colour = theme.states[state] ?? theme.muted;
      const text = state === 'ALARM' ? `${name}: ALARM` : name;
      return (
        `<rect x="${x}" y="${y}" width="9" height="9" rx="2" fill="${colour}"/>` +
        words(text, { x: x + 15, y: y + 8.5, size: 9.5, fill: state === 'ALARM' ? colour : theme.text })
      );
    })
    .join('');
}

interface Words {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  readonly weight?: 'bold' | 'normal';
  readonly anchor?: 'start' | 'middle';
}

function words(text: string, { x, y, size, fill, weight = 'normal', anchor = 'start' }: Words): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" font-weight="${weight}" text-anchor="${anchor}">${escaped}</text>`;
}
