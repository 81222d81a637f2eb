import * as echarts from 'echarts';
import type { Widget } from '../cloudwatch/dashboard-body.ts';
import type { Line, Span } from './series.ts';
import type { Theme } from './theme.ts';

const fontSize = 10;
/** Width of a character of the widest fonts in use, as a share of its size: without a browser nothing measures text. */
const characterWidth = 0.62;

echarts.setPlatformAPI({
  measureText: (text, font) => ({
    width: text.length * (Number.parseFloat(/([\d.]+)px/.exec(font ?? '')?.[1] ?? '12') * characterWidth),
  }),
});

/** Pixels that a legend's entry takes besides its text. */
const entryPixels = 28;
const rowPixels = 16;

/** A graph as SVG text of the given size, by ECharts. */
export function chart(
  widget: Widget,
  lines: readonly Line[],
  {
    width,
    height,
    span,
    theme,
  }: { readonly width: number; readonly height: number; readonly span: Span; readonly theme: Theme },
): string {
  const instance = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  const { properties } = widget;
  const bars = properties.view === 'bar';
  const legendWidth = lines.reduce((sum, { label }) => sum + label.length * fontSize * characterWidth + entryPixels, 0);
  const legendRows = bars ? 0 : Math.ceil(legendWidth / (width - 80));
  const text = { color: theme.muted, fontSize, fontFamily: theme.font };
  const valueAxis = {
    type: 'value' as const,
    min: 0,
    name: properties.yAxis?.left?.label ?? '',
    nameLocation: 'end' as const,
    nameTextStyle: { ...text, align: 'left' as const, padding: [0, 0, 0, -34] },
    axisLabel: { ...text, formatter: short },
    splitLine: { lineStyle: { color: theme.grid } },
    splitNumber: 3,
  };
  const marks = (properties.annotations?.horizontal ?? []).filter(({ value }) => isNear(value, lines));
  instance.setOption({
    useUTC: true,
    animation: false,
    color: theme.palette,
    textStyle: { fontFamily: theme.font },
    grid: { left: 44, right: 24, top: 26, bottom: 24 + legendRows * rowPixels },
    legend: {
      show: !bars,
      bottom: 0,
      left: 4,
      itemWidth: 12,
      itemHeight: 8,
      itemGap: 10,
      textStyle: text,
      icon: 'roundRect',
    },
    xAxis: bars
      ? {
          type: 'category',
          data: lines.map(({ label }) => label),
          axisLabel: { ...text, interval: 0, hideOverlap: false },
          axisTick: { show: false },
          axisLine: { lineStyle: { color: theme.grid } },
        }
      : {
          type: 'time',
          min: span.from * 1_000,
          max: span.to * 1_000,
          axisLabel: { ...text, formatter: '{HH}:{mm}', hideOverlap: true },
          axisLine: { lineStyle: { color: theme.grid } },
          splitNumber: 4,
        },
    yAxis: valueAxis,
    series: bars
      ? [
          {
            type: 'bar',
            barWidth: '55%',
            data: lines.map(({ points }) => [...points.values()].reduce((sum, value) => sum + value, 0)),
            label: {
              show: true,
              position: 'top',
              ...text,
              formatter: ({ value }: { value: unknown }) => short(Number(value)),
            },
          },
        ]
      : lines.map(({ label, points }, position) => ({
          type: 'line',
          name: label,
          showSymbol: points.size < 3,
          symbolSize: 4,
          lineStyle: { width: 1.5 },
          ...(properties.stacked === true ? { stack: 'all', areaStyle: { opacity: 0.5 } } : {}),
          data: [...points].sort(([one], [other]) => one - other).map(([time, value]) => [time * 1_000, value]),
          ...(position === 0 && marks.length > 0
            ? {
                markLine: {
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: theme.warning, type: 'dashed' },
                  label: { position: 'insideEndTop', color: theme.warning, fontSize, formatter: '{b}' },
                  data: marks.map(({ value, label: name = '' }) => ({ yAxis: value, name })),
                },
              }
            : {}),
        })),
  });
  const svg = instance.renderToSVGString();
  instance.dispose();
  return svg;
}

/** A line that is far above all points would flatten them; CloudWatch's axis ends where the points do, too. */
function isNear(value: number, lines: readonly Line[]): boolean {
  const largest = Math.max(0, ...lines.flatMap(({ points }) => [...points.values()]));
  return value <= largest * 4;
}

/** A number as an axis shows it. */
export function short(value: number): string {
  for (const [size, letter] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${letter}`;
  }
  return String(Number(value.toPrecision(3)));
}
