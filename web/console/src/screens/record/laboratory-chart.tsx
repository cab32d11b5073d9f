import type { Analyte } from '@hutong/contract/console.ts';
import { LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { moment } from '../../app/format.ts';
import type { Language } from '../../app/language.ts';
import { motionIsUnwelcome } from '../../app/motion.ts';
import { colours, fonts } from '../../app/theme.ts';
import { chartSeries, roundBounds } from './laboratory-series.ts';

use([LineChart, ScatterChart, GridComponent, TooltipComponent, MarkAreaComponent, MarkLineComponent, SVGRenderer]);

function options(analyte: Analyte, language: Language, still: boolean): EChartsCoreOption {
  const { points, legend } = chartSeries(analyte, language);
  const { low, high } = analyte;
  const values = points.map((point) => point.value);
  const bounds = [low, high].filter((bound): bound is number => bound !== null);
  const [least, most] = [Math.min(...values, ...bounds), Math.max(...values, ...bounds)];
  const [bottom, top] = roundBounds(least, most);
  const number = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value);
  return {
    animation: !still,
    textStyle: { fontFamily: fonts.text, color: colours.inkSoft },
    grid: { left: 56, right: 24, top: 20, bottom: 36 },
    tooltip: {
      trigger: 'item',
      // Texts from hospitals go in as text: ECharts would take a string for HTML.
      formatter: ({ data }: { data: { text?: string[] } }) => {
        const box = document.createElement('div');
        for (const line of data.text ?? []) box.appendChild(document.createElement('div')).textContent = line;
        return box;
      },
    },
    xAxis: {
      type: 'time',
      axisLine: { lineStyle: { color: colours.edge } },
      axisLabel: {
        color: colours.inkSoft,
        hideOverlap: true,
        formatter: { year: '{yyyy}', month: '{yyyy}-{MM}', day: '{yyyy}-{MM}-{dd}' },
      },
    },
    yAxis: {
      type: 'value',
      min: bottom,
      max: top,
      axisLabel: { color: colours.inkSoft, formatter: number },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        z: 1,
        lineStyle: { color: colours.edge, width: 1.5, type: 'dashed' },
        data: points.map((point) => [Date.parse(point.at), point.value]),
        ...(low !== null || high !== null
          ? {
              markArea: {
                silent: true,
                itemStyle: { color: colours.jadeWash, opacity: 0.8 },
                data: [[{ yAxis: low ?? 'min' }, { yAxis: high ?? 'max' }]],
              },
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: colours.jade, width: 1 },
                label: { color: colours.jade, position: 'insideStartTop' },
                data: bounds.map((bound) => ({ yAxis: bound, name: number(bound) })),
              },
            }
          : {}),
      },
      ...legend.map((entry) => ({
        type: 'scatter',
        z: 3,
        name: entry.name,
        symbol: entry.style.symbol,
        symbolSize: 13,
        itemStyle: { color: entry.style.colour, borderColor: '#ffffff', borderWidth: 1.5 },
        data: entry.points.map((point) => ({
          value: [Date.parse(point.at), point.value],
          text: [`${number(point.value)} ${analyte.unit}`, entry.name, moment(point.at), point.original],
        })),
      })),
    ],
  };
}

export default function LaboratoryChart({ analyte, language }: { analyte: Analyte; language: Language }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!host.current) return;
    const chart = init(host.current, undefined, { renderer: 'svg' });
    chart.setOption(options(analyte, language, motionIsUnwelcome()));
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(host.current);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [analyte, language]);
  return <div ref={host} className="chart-host" />;
}
