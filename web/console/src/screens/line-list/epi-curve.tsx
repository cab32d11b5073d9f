import type { LineList } from '@hutong/contract/surveillance.ts';
import { useFormat } from '../../app/format.ts';
import { colours } from '../../app/theme.ts';
import { useLineListWords } from './words.ts';

const width = 720;
const height = 200;
const frame = { left: 40, right: 8, top: 10, bottom: 24 };
const dayMs = 86_400_000;

/** Cases a day by onset (bars) and by report (line). Days without cases are zero here: a line list knows its days. */
export function EpiCurve({ curve }: { curve: LineList['curve'] }) {
  const say = useLineListWords();
  const { number } = useFormat();
  const [first, last] = [curve[0]?.day ?? '', curve.at(-1)?.day ?? ''];
  const days = Math.max(1, Math.round((Date.parse(last) - Date.parse(first)) / dayMs) + 1);
  const top = Math.max(1, ...curve.flatMap(({ onset, reported }) => [onset, reported])) * 1.08;
  const step = (width - frame.left - frame.right) / days;
  const x = (day: string): number => frame.left + ((Date.parse(day) - Date.parse(first)) / dayMs) * step;
  const y = (value: number): number => frame.top + (1 - value / top) * (height - frame.top - frame.bottom);
  const byDay = new Map(curve.map((point) => [point.day, point.reported]));
  const line = Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.parse(first) + index * dayMs).toISOString().slice(0, 10);
    return `${index === 0 ? 'M' : 'L'}${(x(day) + step / 2).toFixed(1)} ${y(byDay.get(day) ?? 0).toFixed(1)}`;
  }).join('');
  const sum = (of: 'onset' | 'reported'): number => curve.reduce((total, point) => total + point[of], 0);
  return (
    <svg
      className="curve"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say('curveText', {
        from: first,
        to: last,
        onset: number(sum('onset')),
        reported: number(sum('reported')),
      })}
    >
      {[0, top / 2.16, top / 1.08].map((value) => (
        <g key={value}>
          <path d={`M${frame.left} ${y(value)}H${width - frame.right}`} stroke={colours.line} />
          <text x={frame.left - 6} y={y(value) + 4} textAnchor="end" fontSize="12" fill={colours.inkSoft}>
            {number(Math.round(value * 10) / 10)}
          </text>
        </g>
      ))}
      {curve.map(({ day, onset }) => (
        <rect
          key={day}
          x={x(day) + step * 0.1}
          y={y(onset)}
          width={Math.max(1, step * 0.8)}
          height={Math.max(0, y(0) - y(onset))}
          fill={colours.jade}
        />
      ))}
      <path d={line} fill="none" stroke={colours.vermilion} strokeWidth="2" strokeDasharray="5 3" />
      {(['start', 'end'] as const).map((end) => (
        <text
          key={end}
          x={end === 'start' ? frame.left : width - frame.right}
          y={height - 6}
          textAnchor={end}
          fontSize="12"
          fill={colours.inkSoft}
        >
          {end === 'start' ? first : last}
        </text>
      ))}
    </svg>
  );
}
