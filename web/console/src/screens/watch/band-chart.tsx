import { colours } from '../../app/theme.ts';

export type BandPoint = {
  day: string;
  median: number;
  low: number;
  high: number;
  innerLow?: number;
  innerHigh?: number;
  bar?: number;
};

const width = 720;
const height = 230;
const frame = { left: 46, right: 12, top: 12, bottom: 28 };

/** Days along the floor, a median line in its interval; `bar` draws what is known already, `mark` a level to compare with. The label is the picture's sentence. */
export function BandChart({
  points,
  label,
  mark,
  unit,
}: {
  points: BandPoint[];
  label: string;
  mark?: number;
  unit: (value: number) => string;
}) {
  const top = Math.max(mark ?? 0, 1, ...points.map((point) => Math.max(point.high, point.bar ?? 0))) * 1.06;
  const step = (width - frame.left - frame.right) / Math.max(1, points.length);
  const x = (index: number): number => frame.left + (index + 0.5) * step;
  const y = (value: number): number =>
    frame.top + (1 - Math.min(value, top) / top) * (height - frame.top - frame.bottom);
  const hasBars = points.some(({ bar }) => bar !== undefined);
  const line = (of: (point: BandPoint) => number): string =>
    points
      .map((point, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(of(point)).toFixed(1)}`)
      .join('');
  const area = (low: (point: BandPoint) => number, high: (point: BandPoint) => number): string =>
    `${line(high)}${points
      .map((point, index) => [x(index), y(low(point))] as const)
      .reverse()
      .map(([left, down]) => `L${left.toFixed(1)} ${down.toFixed(1)}`)
      .join('')}Z`;
  const every = Math.max(1, Math.ceil(points.length / 6));
  return (
    <svg className="watch-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((share) => {
        const value = (top / 1.06) * share;
        return (
          <g key={share}>
            <path d={`M${frame.left} ${y(value)}H${width - frame.right}`} stroke={colours.line} />
            <text x={frame.left - 6} y={y(value) + 4} textAnchor="end" fontSize="12" fill={colours.inkSoft}>
              {unit(value)}
            </text>
          </g>
        );
      })}
      {hasBars ? (
        points.map((point, index) => (
          <g key={point.day}>
            <rect
              x={x(index) - step * 0.38}
              y={y(point.median)}
              width={step * 0.76}
              height={Math.max(0, y(0) - y(point.median))}
              fill={colours.amberWash}
              stroke={colours.amber}
              strokeWidth={point.median > (point.bar ?? 0) ? 1 : 0}
            />
            <rect
              x={x(index) - step * 0.38}
              y={y(point.bar ?? 0)}
              width={step * 0.76}
              height={Math.max(0, y(0) - y(point.bar ?? 0))}
              fill={colours.jade}
            />
            {point.high > point.low && (
              <path d={`M${x(index)} ${y(point.low)}V${y(point.high)}`} stroke={colours.ink} strokeWidth="1.5" />
            )}
          </g>
        ))
      ) : (
        <>
          <path
            d={area(
              ({ low }) => low,
              ({ high }) => high,
            )}
            fill={colours.indigoWash}
          />
          {points[0]?.innerLow !== undefined && (
            <path
              d={area(
                ({ innerLow }) => innerLow ?? 0,
                ({ innerHigh }) => innerHigh ?? 0,
              )}
              fill={colours.indigo}
              opacity="0.28"
            />
          )}
          <path d={line(({ median }) => median)} fill="none" stroke={colours.indigo} strokeWidth="2.5" />
        </>
      )}
      {mark !== undefined && (
        <path
          d={`M${frame.left} ${y(mark)}H${width - frame.right}`}
          stroke={colours.vermilion}
          strokeWidth="1.5"
          strokeDasharray="6 4"
        />
      )}
      {points.map((point, index) =>
        (points.length - 1 - index) % every === 0 ? (
          <text
            key={point.day}
            x={x(index)}
            y={height - 8}
            textAnchor={index === points.length - 1 ? 'end' : 'middle'}
            fontSize="12"
            fill={colours.inkSoft}
          >
            {point.day.slice(5)}
          </text>
        ) : null,
      )}
    </svg>
  );
}
