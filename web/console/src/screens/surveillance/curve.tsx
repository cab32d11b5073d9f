import type { SignalDetail } from '@hutong/contract/surveillance.ts';
import { useFormat } from '../../app/format.ts';
import { colours } from '../../app/theme.ts';
import { useSurveillanceWords } from './words.ts';

const width = 720;
const height = 220;
const frame = { left: 44, right: 12, top: 12, bottom: 26 };

/** Bars of 7-day windows, what was expected and the bound as stepped lines, the newest bar in vermilion; a gap is hatched, never a zero. The table is its twin. */
export function Curve({ series, observed, bound }: Pick<SignalDetail, 'series' | 'observed' | 'bound'>) {
  const say = useSurveillanceWords();
  const { number } = useFormat();
  const top = Math.max(1, ...series.flatMap((point) => [point.count ?? 0, point.bound ?? 0])) * 1.08;
  const step = (width - frame.left - frame.right) / Math.max(1, series.length);
  const y = (value: number): number => frame.top + (1 - value / top) * (height - frame.top - frame.bottom);
  const floor = y(0);
  const steps = (of: (point: (typeof series)[0]) => number | null | undefined): string =>
    series
      .map((point, index) => {
        const value = of(point);
        if (typeof value !== 'number') return '';
        const before = index > 0 ? of(series[index - 1] as (typeof series)[0]) : null;
        return `${typeof before === 'number' ? 'L' : 'M'}${frame.left + index * step} ${y(value)}H${frame.left + (index + 1) * step}`;
      })
      .join('');
  const line = steps(({ bound: limit }) => (limit !== null && limit >= 0 ? limit : null));
  const baseline = steps(({ expected }) => expected);
  const ticks = [0, top / 2.16, top / 1.08];
  const every = Math.ceil(series.length / 6);
  return (
    <svg
      className="curve"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say('chartText', {
        count: series.length,
        observed: number(observed),
        bound: bound === null ? say('none') : number(Math.round(bound * 10) / 10),
      })}
    >
      <defs>
        <pattern id="curve-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path d="M0 0V6" stroke={colours.edge} strokeWidth="2" />
        </pattern>
      </defs>
      {ticks.map((value) => (
        <g key={value}>
          <path d={`M${frame.left} ${y(value)}H${width - frame.right}`} stroke={colours.line} />
          <text x={frame.left - 6} y={y(value) + 4} textAnchor="end" fontSize="12" fill={colours.inkSoft}>
            {number(Math.round(value * 10) / 10)}
          </text>
        </g>
      ))}
      {series.map((point, index) => {
        const x = frame.left + index * step + step * 0.12;
        if (point.count === null)
          return <rect key={point.to} x={x} y={floor - 14} width={step * 0.76} height={14} fill="url(#curve-gap)" />;
        return (
          <rect
            key={point.to}
            x={x}
            y={y(point.count)}
            width={step * 0.76}
            height={Math.max(0, floor - y(point.count))}
            fill={index === series.length - 1 ? colours.vermilion : colours.jade}
          />
        );
      })}
      <path d={baseline} fill="none" stroke={colours.amber} strokeWidth="2" />
      <path d={line} fill="none" stroke={colours.indigo} strokeWidth="2" strokeDasharray="5 3" />
      {series.map((point, index) =>
        (series.length - 1 - index) % every === 0 ? (
          <text
            key={point.to}
            x={frame.left + (index + 0.5) * step}
            y={height - 8}
            textAnchor={index === series.length - 1 ? 'end' : 'middle'}
            fontSize="12"
            fill={colours.inkSoft}
          >
            {point.to.slice(5)}
          </text>
        ) : null,
      )}
    </svg>
  );
}
